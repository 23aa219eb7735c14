"""Giving an unpaid booking up from a form, however often its button is pressed."""

from altis.shared.actors import Actor
from orders.errors import OrderNotCancellable
from orders.lifecycle import OrderStatus
from orders.selectors import order_for, require_own
from orders.services.cancel import cancel_order


def cancel_once(*, order_id: str, actor: Actor) -> str:
    """Cancel the actor's order; returns "" when it is cancelled, also by an earlier press, else the refusal's code.

    Raises OrderNotFound.
    """
    require_own(actor, order_id)
    try:
        cancel_order(order_id=order_id, actor=actor, reason="customer_cancelled")
    except OrderNotCancellable as refusal:
        return "" if order_for(actor, order_id).status == OrderStatus.CANCELLED else refusal.code
    return ""
