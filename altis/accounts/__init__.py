"""Users, tokens and staff."""
