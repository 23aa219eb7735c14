"""Nobody hoards a cabin: a cap on what one customer, and one address, may hold unpaid."""

from django.db.models import Count, Q

from altis.api.limits import open_holds
from orders.errors import TooManyHolds
from orders.lifecycle import OrderStatus
from orders.models import Order

_OPEN = (OrderStatus.PROPOSED, OrderStatus.PAYMENT_PENDING)


def check_open_holds(*, owner_id: str, client: str) -> None:
    """Pass when the owner and the address (a keyed hash, or empty) may hold one order more; raises TooManyHolds."""
    caps = open_holds()
    if caps.customer is None and caps.ip is None:
        return
    mine, here = Q(owner_id=owner_id), Q(client=client)
    counted = Order.objects.filter(mine | here if client else mine, status__in=_OPEN).aggregate(
        customer=Count("pk", filter=mine), ip=Count("pk", filter=here)
    )
    over_customer = caps.customer is not None and counted["customer"] >= caps.customer
    over_ip = caps.ip is not None and bool(client) and counted["ip"] >= caps.ip
    if over_customer or over_ip:
        raise TooManyHolds(retry_after=60)
