"""Orders, from accept to archive."""
