"""What the pages of the audit, and those that feed it, have of their own."""
