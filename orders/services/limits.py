"""Nobody hoards a cabin: a cap on what one customer, and one address, may hold unpaid."""

from django.db import connection
from django.db.models import Count, Q

from altis.api.limits import open_holds
from orders.errors import TooManyHolds
from orders.lifecycle import OrderStatus
from orders.models import Order

_OPEN = (OrderStatus.PROPOSED, OrderStatus.PAYMENT_PENDING)


def check_open_holds(*, owner_id: str, client: str) -> None:
    """Pass when the owner and the address (a keyed hash, or empty) may hold one order more; raises TooManyHolds.

    One customer's accepts are counted one after the other, until their transactions end, so the customer's cap is
    exact. The address's is not: waiting there would let strangers behind one address block each other.
    """
    caps = open_holds()
    if caps.customer is None and caps.ip is None:
        return
    if caps.customer is not None:
        _one_at_a_time(owner_id)
    mine, here = Q(owner_id=owner_id), Q(client=client)
    counted = Order.objects.filter(mine | here if client else mine, status__in=_OPEN).aggregate(
        customer=Count("pk", filter=mine), ip=Count("pk", filter=here)
    )
    over_customer = caps.customer is not None and counted["customer"] >= caps.customer
    over_ip = caps.ip is not None and bool(client) and counted["ip"] >= caps.ip
    if over_customer or over_ip:
        raise TooManyHolds(retry_after=60)


def _one_at_a_time(owner_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"holds:{owner_id}"])
