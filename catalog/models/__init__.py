"""The catalog's tables: the network, the products, and the inventory ledger."""

from catalog.attributes import ProductType
from catalog.models.inventory import Hold, Inventory, JournalEntry, JournalKind, SeatAssignment
from catalog.models.network import Aircraft, AircraftCabin, Airport, Cabin, Fare, Flight, Schedule
from catalog.models.products import AppliesTo, Bundle, BundleItem, Product

__all__ = [
    "Aircraft",
    "AircraftCabin",
    "Airport",
    "AppliesTo",
    "Bundle",
    "BundleItem",
    "Cabin",
    "Fare",
    "Flight",
    "Hold",
    "Inventory",
    "JournalEntry",
    "JournalKind",
    "Product",
    "ProductType",
    "Schedule",
    "SeatAssignment",
]
