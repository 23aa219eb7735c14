"""What visitors do that no other door does: they arrive without an account, and come back with a reference."""
