"""Rows for tests: typed `make_*` functions that fill in whatever a test does not care about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from altis.shared.clock import now
from altis.shared.money import Money
from catalog.models import (
    Aircraft,
    AircraftCabin,
    Airport,
    AppliesTo,
    Bundle,
    BundleItem,
    Fare,
    Flight,
    Inventory,
    JournalEntry,
    JournalKind,
    Product,
    Schedule,
)

ZONES = {
    "LHR": "Europe/London",
    "JFK": "America/New_York",
    "LAX": "America/Los_Angeles",
    "CDG": "Europe/Paris",
    "DXB": "Asia/Dubai",
    "SIN": "Asia/Singapore",
    "AKL": "Pacific/Auckland",
    "DEL": "Asia/Kolkata",
}
ATTRIBUTES: Mapping[str, Mapping[str, Any]] = {
    "flight": {"cabin": "economy"},
    "bag": {"max_weight_kg": 23},
    "lounge": {"slots_per_flight": 40},
    "carbon_offset": {"kilograms": 500},
    "insurance": {"insurer": "Altis Assurance"},
}
_APPLIES_TO = {"flight": "flight", "bag": "journey", "carbon_offset": "passenger", "insurance": "passenger"}
_number = count(1)  # makes codes and flight numbers unique in one test run


def make_airport(code: str = "LHR", *, time_zone: str = "") -> Airport:
    """The airport of this code, made once."""
    zone = time_zone or ZONES.get(code, "UTC")
    defaults = {"name": f"{code} Airport", "city": code, "country": "GB", "time_zone": zone}
    return Airport.objects.get_or_create(code=code, defaults=defaults)[0]


def make_aircraft(seats: Mapping[str, int] | None = None) -> Aircraft:
    """An aircraft with these seats per cabin, four abreast where that comes out even, else one."""
    aircraft = Aircraft.objects.create(code=f"T{next(_number)}", name="Test aircraft")
    first_row = 1
    for cabin, number in (seats or {"economy": 100}).items():
        columns, rows = ("AC-DF", number // 4) if number % 4 == 0 else ("A", number)
        last_row = first_row + rows - 1
        AircraftCabin.objects.create(
            aircraft=aircraft, cabin=cabin, first_row=first_row, last_row=last_row, columns=columns
        )
        first_row = last_row + 1
    return aircraft


def make_schedule(
    *,
    origin: str = "LHR",
    destination: str = "JFK",
    seats: Mapping[str, int] | None = None,
    fares: Mapping[str, str] | None = None,
    departs_at: time = time(10, 30),
    block_minutes: int = 480,
    flight_number: str = "",
    currency: str = "USD",
) -> Schedule:
    """A daily timetable with base fares per cabin (`{"economy": "200.00"}`); every cabin with seats has one."""
    seats = seats or {"economy": 100}
    schedule = Schedule.objects.create(
        carrier="AL",
        flight_number=flight_number or str(1000 + next(_number)),
        origin=make_airport(origin),
        destination=make_airport(destination),
        aircraft=make_aircraft(seats),
        departs_at=departs_at,
        block_minutes=block_minutes,
        valid_from=date(2020, 1, 1),
        valid_to=date(2099, 12, 31),
    )
    for cabin in seats:
        base = Money.of((fares or {}).get(cabin, "200.00"), currency)
        Fare.objects.create(schedule=schedule, cabin=cabin, base_minor=base.minor, currency=currency)
    return schedule


def make_flight(
    schedule: Schedule | None = None, *, departing_at: datetime | None = None, sales_open: bool = True, **timetable: Any
) -> Flight:
    """A dated flight with its inventory, by default in thirty days; `timetable` goes to make_schedule."""
    schedule = schedule or make_schedule(**timetable)
    leaves = departing_at or now().replace(hour=10, minute=30, second=0, microsecond=0) + timedelta(days=30)
    flight = Flight.objects.create(
        schedule=schedule,
        carrier=schedule.carrier,
        flight_number=schedule.flight_number,
        origin=schedule.origin,
        destination=schedule.destination,
        aircraft=schedule.aircraft,
        departure_date=leaves.astimezone(ZoneInfo(schedule.origin.time_zone)).date(),
        departing_at=leaves.astimezone(UTC),
        arriving_at=leaves + timedelta(minutes=schedule.block_minutes),
        sales_open=sales_open,
    )
    for cabin in schedule.aircraft.cabins.order_by("pk"):
        make_inventory(flight, cabin=cabin.cabin, capacity=cabin.capacity)
    return flight


def make_inventory(
    flight: Flight, *, capacity: int, cabin: str = "", product: Product | None = None, held: int = 0, sold: int = 0
) -> Inventory:
    """A ledger row with the journal line that opens it."""
    row = Inventory.objects.create(
        flight=flight, cabin=cabin, product=product, capacity=capacity, held=held, sold=sold, version=1
    )
    JournalEntry.objects.create(
        inventory=row,
        version=1,
        kind=JournalKind.CAPACITY,
        d_capacity=capacity,
        d_held=held,
        d_sold=sold,
        actor="system:test",
        reason="made",
    )
    return row


def cabin_of(flight: Flight, cabin: str = "economy") -> Inventory:
    """The flight's ledger row of this cabin."""
    return flight.inventory.get(cabin=cabin, product=None)


def make_product(
    type: str = "bag",
    *,
    code: str = "",
    price: str = "35.00",
    currency: str = "USD",
    attributes: Mapping[str, Any] | None = None,
    applies_to: str = "",
    capacity_controlled: bool = False,
    active: bool = True,
) -> Product:
    """A product on sale; `attributes` and `applies_to` default to what fits its type."""
    code = code or f"T-{next(_number)}"
    return Product.objects.create(
        type=type,
        code=code,
        name=f"Test {type} {code}",
        description="For tests.",
        base_price_minor=Money.of(price, currency).minor,
        currency=currency,
        applies_to=applies_to or _APPLIES_TO.get(type, AppliesTo.SEGMENT),
        capacity_controlled=capacity_controlled,
        attributes=dict(ATTRIBUTES.get(type, {}) if attributes is None else attributes),
        active=active,
    )


def make_flight_products() -> dict[str, Product]:
    """The product of type flight of each cabin, by cabin."""
    cabins = ("economy", "premium_economy", "business", "first")
    return {
        cabin: make_product("flight", price="0.00", attributes={"cabin": cabin}, capacity_controlled=True)
        for cabin in cabins
    }


def make_bundle(
    code: str = "comfort", *, items: Mapping[Product, int] | None = None, discount_percent: str = "10.00", **fields: Any
) -> Bundle:
    """A bundle of products with their quantities; other fields of Bundle as wished."""
    fields.setdefault("name", f"{code.replace('_', ' ').title()} Bundle")
    fields.setdefault("position", next(_number))
    bundle = Bundle.objects.create(code=code, discount_percent=Decimal(discount_percent), **fields)
    for product, quantity in (items or {}).items():
        BundleItem.objects.create(bundle=bundle, product=product, quantity=quantity)
    return bundle
