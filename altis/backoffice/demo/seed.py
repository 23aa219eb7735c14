"""Make the demo's orders that are missing."""

from collections.abc import Callable, Sequence

from altis.accounts.models import User
from altis.backoffice.demo.errors import DemoError
from altis.backoffice.demo.plan import CONTACT, PLAN, DemoOrder, travellers_of
from altis.backoffice.demo.statuses import BRING_TO, check_gateway
from altis.backoffice.demo.trips import find_offer
from altis.shared import clock
from altis.shared.actors import Actor
from orders.models import Order
from orders.services.place import place_order

# A worker may take an order on before it is put off; then the next one is tried.
_ATTEMPTS = 3


def missing(customers: Sequence[User]) -> list[DemoOrder]:
    """The planned orders whose status none of the customers' orders has."""
    present = set(Order.objects.filter(owner__in=customers).order_by().values_list("status", flat=True).distinct())
    return [plan for plan in PLAN if plan.status not in present]


def seed_orders(customers: Sequence[User], *, progress: Callable[[int], None]) -> list[Order]:
    """Make what is missing, and return it; `progress` is told of each order.

    Raises DemoError when the gateway does not answer or there is nothing to sell; what was made until then stays.
    """
    wanted = missing(customers)
    if wanted:
        check_gateway()
    made = []
    for plan in wanted:
        made.append(_make(plan, customers[plan.customer]))
        progress(1)
    return made


def _make(plan: DemoOrder, customer: User) -> Order:
    actor = Actor("user", customer.pk)
    for attempt in range(_ATTEMPTS):
        offer = find_offer(plan, turn=PLAN.index(plan) + attempt)
        order = place_order(
            offer_id=offer.id,
            travellers=travellers_of(plan.travellers, clock.now().date()),
            contact=CONTACT,
            actor=actor,
        )
        BRING_TO[plan.status](order, actor)
        order = Order.objects.get(pk=order.pk)
        if order.status == plan.status:
            return order
    raise DemoError(f"No order would stay {plan.status}: it became {order.status}.")
