"""Products, flights, prices, seats and holds."""
