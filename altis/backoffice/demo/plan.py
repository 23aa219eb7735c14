"""Which demo orders there are to be, as data."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalog.pricing import PassengerType
from orders.lifecycle import OrderStatus
from orders.placing import Contact, Traveller

# Both directions of the flight number that price examples are read from: its seats stay as they were seeded.
UNTOUCHED = frozenset({"100", "101"})
CONTACT = Contact(email="traveller@demo.altis.example", phone="+442079460018")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrder:
    """One order to make: whose (index of the customer), who travels, in which bundle, and where it is to end."""

    status: OrderStatus
    customer: int
    travellers: tuple[PassengerType, ...] = ("adult",)
    bundle: str = "flight_only"
    trip: Literal["one way", "return"] = "one way"


_S = OrderStatus
PLAN = (
    DemoOrder(status=_S.PROPOSED, customer=0, travellers=("adult", "adult"), bundle="premium"),
    DemoOrder(status=_S.PAYMENT_PENDING, customer=1, bundle="comfort"),
    DemoOrder(status=_S.PAID, customer=2, travellers=("adult", "child"), bundle="comfort"),
    DemoOrder(
        status=_S.FULFILLED,
        customer=0,
        travellers=("adult", "adult", "child", "infant"),
        bundle="premium",
        trip="return",
    ),
    DemoOrder(status=_S.ARCHIVED, customer=1),
    DemoOrder(status=_S.EXPIRED, customer=2, travellers=("adult", "adult")),
    DemoOrder(status=_S.CANCELLED, customer=1, bundle="comfort"),
)
_PEOPLE: dict[PassengerType, tuple[tuple[str, str], ...]] = {
    "adult": (("Amy", "Johnson"), ("Louis", "Bleriot")),
    "child": (("Jean", "Batten"),),
    "infant": (("Otto", "Lilienthal"),),
}
_AGES: dict[PassengerType, int] = {"adult": 34, "child": 7, "infant": 1}


def travellers_of(types: tuple[PassengerType, ...], today: date) -> list[Traveller]:
    """Invented people of these types, in their order, whose ages hold all season."""
    names = {type: iter(people) for type, people in _PEOPLE.items()}
    # Whoever has had a birthday this month is of the same age for months to come; every month has a first day.
    return [Traveller(*next(names[type]), date(today.year - _AGES[type], today.month, 1)) for type in types]
