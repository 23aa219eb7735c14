"""What the first page is made of: gauges of this moment, figures of a month, and charts of them."""
