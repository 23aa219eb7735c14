"""A search in memory: what `offers.generating` makes, from the index, in whole numbers, and rendered piece by piece.

`offers.generating` and what it stands on are the readable form of the same rules; a test compares every byte.
"""
