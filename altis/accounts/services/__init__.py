"""Use cases of accounts: one verb, one file."""
