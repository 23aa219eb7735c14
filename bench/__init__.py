"""Load scripts against a running stack."""
