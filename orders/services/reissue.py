"""Issuing the documents of an order anew: the old ones are void from then on."""

from altis.shared.actors import Actor, Cause
from altis.store.database import command, retried
from orders.errors import OrderNotChangeable
from orders.lifecycle import OrderChange, OrderStatus
from orders.models import Order
from orders.services.change import change_order
from orders.services.checkout import lock_order
from orders.services.parts import Parts
from orders.services.replace_documents import replace_documents


def reissue(*, order_id: str, actor: Actor, reason: str) -> Order:
    """Void the documents of a FULFILLED order and issue new ones; returns the order.

    Raises OrderNotFound, or OrderNotChangeable for an order whose documents were not issued or that is over.
    """

    def work() -> Order:
        with command():
            order = lock_order(order_id)
            if order.status != OrderStatus.FULFILLED:
                raise OrderNotChangeable
            replace_documents(order, Parts(order.pk))
            change_order(order, OrderChange.REISSUED, cause=Cause(actor, reason))
        return order

    return retried(work)
