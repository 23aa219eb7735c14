"""What finds the pages and keeps the guide's pictures."""
