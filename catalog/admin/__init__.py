"""The catalog in the back-office. Staff edit what is sold; the ledger of what is left they can only read."""

from catalog.admin.bundles import BundleAdmin
from catalog.admin.flights import FlightAdmin
from catalog.admin.inventory import HoldAdmin, InventoryAdmin, JournalEntryAdmin
from catalog.admin.network import AircraftAdmin, AirportAdmin, ScheduleAdmin
from catalog.admin.products import ProductAdmin

__all__ = [
    "AircraftAdmin",
    "AirportAdmin",
    "BundleAdmin",
    "FlightAdmin",
    "HoldAdmin",
    "InventoryAdmin",
    "JournalEntryAdmin",
    "ProductAdmin",
    "ScheduleAdmin",
]
