"""What the lane sells: the same use cases that Django's views call, as long as they answer from memory."""

from catalog.index import fresh
from catalog.services.list_flights import flights_page
from offers.services.answer import answer, memory
from offers.services.made import MadeSearch
from offers.shelf import commands

__all__ = ["MadeSearch", "answer", "commands", "flights_page", "fresh", "memory"]
