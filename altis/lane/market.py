"""What the lane sells: the same use cases that Django's views call, as long as they answer from memory."""

from catalog.index import fresh
from catalog.services.list_flights import flights_page
from offers.services.search import MadeSearch, make_search
from offers.shelf import commands

__all__ = ["MadeSearch", "commands", "flights_page", "fresh", "make_search"]
