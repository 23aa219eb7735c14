"""A demo season: deterministic, and safe to run again."""

from catalog.services.seeding.flights import FlightsSeeded, seed_flights
from catalog.services.seeding.network import RoutesOutOfRange
from catalog.services.seeding.reference import ReferenceSeeded, seed_reference

__all__ = ["FlightsSeeded", "ReferenceSeeded", "RoutesOutOfRange", "seed_flights", "seed_reference"]
