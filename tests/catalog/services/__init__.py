"""Commands on flights: what they change, whom they tell, and what they refuse."""
