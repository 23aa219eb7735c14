"""REST doors of payments."""
