"""REST doors of the catalog."""
