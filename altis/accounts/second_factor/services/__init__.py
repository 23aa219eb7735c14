"""Use cases of the second factor: one verb, one file."""
