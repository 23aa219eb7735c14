"""What can be done with the audit: to read it, and to take a copy."""
