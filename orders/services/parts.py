"""What a locked order consists of, asked for in the round trip of its lock and read when somebody needs it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

from altis.privacy.keys import ask_among
from altis.store.pipeline import put
from altis.store.reading import find
from catalog.services.holds import held_units
from orders.lifecycle import ItemStatus
from orders.models import OrderItem, Passenger

_OF_ORDER = "WHERE order_id = $1 ORDER BY position"
_CODES = b"""
SELECT id, code FROM catalog_product WHERE id IN (SELECT product_id FROM orders_orderitem WHERE order_id = $1)
"""
_SUBJECTS = (
    "SELECT owner_id FROM orders_order WHERE id = $1 UNION ALL SELECT id FROM orders_passenger WHERE order_id = $1"
)


class Sold:
    """The items of an order and what they hold."""

    def __init__(self, order_id: str) -> None:
        """Queue the reading, behind the lock of the order."""
        self._items = find(OrderItem, _OF_ORDER, order_id)
        self.held = held_units([order_id])

    @cached_property
    def items(self) -> list[OrderItem]:
        """Every item, by position; always the same instances."""
        return self._items.all()

    def items_that_are(self, status: ItemStatus) -> list[OrderItem]:
        """The items with a status, by position."""
        return [item for item in self.items if item.status == status]


class Parts(Sold):
    """All that documents are made of, with the data keys of everybody in them."""

    def __init__(self, order_id: str) -> None:
        """Queue the reading, behind the lock of the order."""
        super().__init__(order_id)
        self._passengers = find(Passenger, _OF_ORDER, order_id)
        self._codes = put(_CODES, order_id)
        ask_among(_SUBJECTS, order_id)

    @cached_property
    def passengers(self) -> list[Passenger]:
        """Everybody who travels, by position."""
        return self._passengers.all()

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """The codes of the products, by their ids."""
        return dict(cast("Any", self._codes.rows()))
