"""What has happened on the stage before the curtain: trips sold, and troubles. Needs a Django that is set up."""

from datetime import timedelta
from typing import Any

from altis.accounts.models import User
from altis.backoffice.demo import ensure_people
from altis.backoffice.demo.plan import CONTACT, DemoOrder, travellers_of
from altis.backoffice.demo.trips import find_offer
from altis.shared import clock
from altis.shared.actors import Actor
from bench.screenshots.trouble import doubt, ground, hear_of_another_shop
from catalog.models import Flight
from catalog.pricing import PassengerType
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.services.place import place_order
from payments.services.pay import pay_order

_Trip = tuple[int, tuple[PassengerType, ...], str]
# What customers have bought, by the name that tests call it: turn (which market), travellers, bundle. Those of one turn
# share a flight.
_BOUGHT: dict[str, _Trip] = {
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
_WAITING: dict[str, _Trip] = {"proposed": (18, ("adult",), "comfort"), "doubtful": (18, ("adult",), "flight_only")}
_SHOP_DAYS = 14


def play() -> dict[str, Any]:
    """Sell a few trips more, and let things go wrong: the fields of a `Scene`."""
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
    return {"accounts": accounts, "orders": references, "facts": facts}


def _sell(customer: User, turn: int, travellers: tuple[PassengerType, ...], bundle: str, *, pay: bool = True) -> Order:
    plan = DemoOrder(status=OrderStatus.FULFILLED, customer=0, travellers=travellers, bundle=bundle)
    actor = Actor("user", customer.pk)
    people = travellers_of(travellers, clock.now().date())
    order = place_order(offer_id=find_offer(plan, turn=turn).id, travellers=people, contact=CONTACT, actor=actor)
    if pay:
        pay_order(order_id=order.pk, token="tok_visa", actor=actor)
    return order


def _flight_of(order: Order) -> str:
    return str(order.items.exclude(flight=None)[0].flight_id)


def _way() -> dict[str, str]:
    """Two airports with a flight on the day that the shop's form begins with."""
    day = clock.now().date() + timedelta(days=_SHOP_DAYS)
    flight = Flight.objects.filter(departure_date=day, sales_open=True).order_by("-flight_number")[0]
    return {"origin": flight.origin_id, "destination": flight.destination_id}
