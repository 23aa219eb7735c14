"""Forgetting where an order was placed from."""

from collections.abc import Collection

from orders.models import Order


def forget_clients(owners: Collection[str]) -> None:
    """Blank the keyed hash of the address that accepted, in all orders of these owners."""
    Order.objects.filter(owner_id__in=owners).exclude(client="").update(client="")
