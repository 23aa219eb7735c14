"""A real browser in front of a whole stack: what the browser tests and the pictures of the documentation stand on."""
