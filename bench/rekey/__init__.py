"""Wrapping data keys anew, measured under load."""
