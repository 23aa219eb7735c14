"""Filters of lists that staff keep under a name: each sees their own."""
