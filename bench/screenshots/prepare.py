"""One process that fills the stage: `python -m bench.screenshots.prepare`; the last line is a `Scene` as JSON.

All through the product's own services, so that every page has what it has after a day of work, troubles included.
"""

import json
import os
import sys
from datetime import timedelta
from typing import Any

import django
from django.core.management import call_command

# What customers have bought, by the name that tests call it: turn (which market), travellers, bundle. Those of one turn
# share a flight.
_BOUGHT = {
    "stranded_1": (9, ("adult",), "comfort"),
    "stranded_2": (9, ("adult", "adult"), "premium"),
    "stranded_3": (9, ("adult",), "flight_only"),
    "priced": (12, ("adult", "child"), "comfort"),
    "goodwill": (12, ("adult",), "flight_only"),
    "refundable": (12, ("adult",), "comfort"),
    "refused": (12, ("adult",), "flight_only"),
    "moving": (7, ("adult",), "comfort"),
    "sent_home": (15, ("adult",), "premium"),
    "grounded": (21, ("adult", "adult"), "comfort"),
}
_WAITING = {"proposed": (18, ("adult",), "comfort"), "doubtful": (18, ("adult",), "flight_only")}
_SHOP_DAYS = 14


def main() -> None:
    """Seed the demo, then sell a few trips more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "altis.settings")
    django.setup()
    call_command("seed_demo", stdout=sys.stderr)
    from altis.backoffice.demo import ensure_people  # noqa: PLC0415  (only after setup)
    from bench.screenshots.trouble import doubt, ground, hear_of_another_shop  # noqa: PLC0415  (only after setup)

    people = ensure_people()
    accounts = {person.role.capitalize(): (person.email, person.password) for person in people}
    customers = [person.user for person in people if person.role == "customer"]
    orders = {name: _sell(customers[0], *wanted) for name, wanted in _BOUGHT.items()}
    waiting = {name: _sell(customers[1], *wanted, pay=False) for name, wanted in _WAITING.items()}
    doubt(waiting["doubtful"])
    ground(_flight_of(orders["grounded"]))
    hear_of_another_shop()
    facts = {
        "flight": _flight_of(orders["stranded_1"]),
        "flight_2": _flight_of(orders["sent_home"]),
        "flight_3": _flight_of(orders["priced"]),
        "grounded": _flight_of(orders["grounded"]),
        **_way(),
    }
    references = {name: order.reference for name, order in {**orders, **waiting}.items()}
    print(json.dumps({"accounts": accounts, "orders": references, "facts": facts}))


def _sell(customer: Any, turn: int, travellers: Any, bundle: str, *, pay: bool = True) -> Any:
    from altis.backoffice.demo.plan import CONTACT, DemoOrder, travellers_of  # noqa: PLC0415  (only after setup)
    from altis.backoffice.demo.trips import find_offer  # noqa: PLC0415  (only after setup)
    from altis.shared import clock  # noqa: PLC0415  (only after setup)
    from altis.shared.actors import Actor  # noqa: PLC0415  (only after setup)
    from orders.lifecycle import OrderStatus  # noqa: PLC0415  (only after setup)
    from orders.services.place import place_order  # noqa: PLC0415  (only after setup)
    from payments.services.pay import pay_order  # noqa: PLC0415  (only after setup)

    plan = DemoOrder(status=OrderStatus.FULFILLED, customer=0, travellers=travellers, bundle=bundle)
    actor = Actor("user", customer.pk)
    people = travellers_of(travellers, clock.now().date())
    order = place_order(offer_id=find_offer(plan, turn=turn).id, travellers=people, contact=CONTACT, actor=actor)
    if pay:
        pay_order(order_id=order.pk, token="tok_visa", actor=actor)
    return order


def _flight_of(order: Any) -> str:
    item = order.items.exclude(flight=None).first()
    return str(item.flight_id)


def _way() -> dict[str, str]:
    """Two airports with a flight on the day that the shop's form begins with."""
    from altis.shared import clock  # noqa: PLC0415  (only after setup)
    from catalog.models import Flight  # noqa: PLC0415  (only after setup)

    day = clock.now().date() + timedelta(days=_SHOP_DAYS)
    flight = Flight.objects.filter(departure_date=day, sales_open=True).order_by("-flight_number")[0]
    return {"origin": flight.origin_id, "destination": flight.destination_id}


if __name__ == "__main__":
    main()
