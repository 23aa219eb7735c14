"""What our figures are measured against: servers that do less, or the same in the usual way. See docs/speed.md."""
