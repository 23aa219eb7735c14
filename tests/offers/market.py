"""A small market in the database: flights between three airports, and the three bundles that the contract promises."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from altis.shared.clock import now
from catalog.models import Flight, Product
from tests import factories
from tests.factories import make_bundle, make_inventory, make_product, make_schedule

ZONES = {**factories.ZONES, "DUB": "Europe/Dublin"}


def soon(days: int = 10) -> date:
    """A date of departure, some days ahead."""
    return now().date() + timedelta(days=days)


def fly(  # the facts of one flight
    number: str = "100",
    *,
    way: tuple[str, str] = ("LHR", "JFK"),
    day: date | None = None,
    at: time = time(10, 0),
    minutes: int = 480,
    seats: int = 100,
    sold: int = 0,
    lounge_slots: int = 40,
    **timetable: Any,
) -> Flight:
    """A flight with an economy cabin at 200.00, and with lounge slots when there is a lounge."""
    for code in way:
        factories.make_airport(code, time_zone=ZONES[code])
    schedule = make_schedule(
        origin=way[0],
        destination=way[1],
        seats={"economy": seats},
        departs_at=at,
        block_minutes=minutes,
        flight_number=number,
        **timetable,
    )
    departing_at = datetime.combine(day or soon(), at, tzinfo=ZoneInfo(ZONES[way[0]]))
    flight = factories.make_flight(schedule, departing_at=departing_at)
    flight.inventory.update(sold=sold)
    lounge = Product.objects.filter(type="lounge").first()
    if lounge:
        make_inventory(flight, product=lounge, capacity=lounge_slots)
    return flight


def make_bundles() -> None:
    """Flight only; comfort (seat, bag, 10 % off); premium (seat, two bags, lounge, 15 % off)."""
    make_product("flight", price="0.00", applies_to="flight")
    seat = make_product("seat", price="25.00")
    bag = make_product("bag", code="BAG", price="45.00")
    lounge = make_product("lounge", price="49.00", capacity_controlled=True)
    make_bundle("flight_only", discount_percent="0")
    make_bundle("comfort", items={seat: 1, bag: 1}, refundable=True, refund_penalty_minor=7_500)
    make_bundle("premium", items={seat: 1, bag: 2, lounge: 1}, discount_percent="15", refundable=True)
