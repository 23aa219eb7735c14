"""REST doors of offers."""
