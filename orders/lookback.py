"""Reading an order as it stood."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from altis.shared.clock import iso
from orders.history import Part, Standing, document_part, item_part, standing
from orders.lifecycle import SOLD, ItemStatus, item_after
from orders.models import Document, Order, OrderEvent, OrderItem


def standing_after(events: Sequence[OrderEvent]) -> Standing:
    """The order after the last of these events, which are all from its first one on.

    What they did not keep is filled in from what is there now, and named by `unknown`.
    """
    found = standing(events)
    if found.complete:
        return found
    order = Order.objects.get(pk=events[0].order_id)
    given_up = any(event.from_status in SOLD and event.to_status == "CANCELLED" for event in events)
    filled: dict[str, Any] = {}
    if "items" in found.unknown:
        filled["items"] = tuple(_items(order, found.status, given_up=given_up))
    if "slices" in found.unknown:
        filled["slices"] = tuple(order.slices)
    if "total" in found.unknown:
        filled["total"] = order.total.as_json()
    if "expires_at" in found.unknown:
        filled["expires_at"] = iso(order.expires_at)
    if "documents" in found.unknown:
        issued = Document.objects.filter(order_id=order.pk, created_at__lte=found.at).order_by("position")
        filled["documents"] = tuple(document_part(document) for document in issued)
    return replace(found, **filled)


def _items(order: Order, status: str, *, given_up: bool) -> list[Part]:
    """The items that the order has now, as their status was then if nothing but moves has changed them."""
    came_from = SOLD[0] if given_up else None
    start = ItemStatus.CONFIRMED if given_up else ItemStatus.HELD
    rows = OrderItem.objects.filter(order_id=order.pk).order_by("position")
    return [{**item_part(row), "status": str(item_after(start, came_from=came_from, to=status))} for row in rows]
