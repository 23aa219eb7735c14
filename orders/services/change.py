"""Writing down what happens to an order that stays in its status."""

from typing import Any

from altis.shared.actors import Cause
from altis.store.transition import stay
from orders.lifecycle import OrderChange
from orders.models import Order


def change_order(order: Order, change: OrderChange, *, cause: Cause, **also: Any) -> None:
    """One version more of a locked order, with its history row and its event, in the caller's transaction.

    `also` are columns to write with it, or `only_if` and `lost` of `stay`. Parts that the order keeps (`Order.keep`)
    go into the history row when the change is about them.
    """
    order.change = change
    try:
        stay(order, cause=cause, **also)
    finally:
        order.change = ""
