"""Use cases of the back-office itself: commands for many orders at once, and rows that need nothing more."""
