"""What the catalog announces: changes of the inventory."""

from dataclasses import dataclass
from typing import ClassVar

from altis.shared.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryChanged(Event):
    """Units of an inventory changed hands: the figures after the change."""

    topic: ClassVar[str] = "altis.inventory"
    type: ClassVar[str] = "altis.inventory.changed"

    flight_id: str
    cabin: str
    product_id: str | None
    capacity: int
    available: int
    held: int
    sold: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryResized(InventoryChanged):
    """The capacity was changed."""

    type: ClassVar[str] = "altis.inventory.resized"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryClosed(InventoryChanged):
    """Nothing more is held, whatever is available: sales were closed, or the flight cancelled."""

    type: ClassVar[str] = "altis.inventory.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryReopened(InventoryChanged):
    """What is available is for sale again."""

    type: ClassVar[str] = "altis.inventory.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryHeld(InventoryChanged):
    """Units were held for an order."""

    type: ClassVar[str] = "altis.inventory.held"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventorySold(InventoryChanged):
    """Held units were sold."""

    type: ClassVar[str] = "altis.inventory.sold"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryReleased(InventoryChanged):
    """Held or sold units are for sale again."""

    type: ClassVar[str] = "altis.inventory.released"
