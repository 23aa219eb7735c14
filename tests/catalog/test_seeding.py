"""A season that is the same everywhere, and safe to seed again."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from altis.shared.ids import is_id
from altis.shared.money import Money
from catalog.models import (
    Airport,
    Bundle,
    BundleItem,
    Fare,
    Flight,
    Inventory,
    JournalEntry,
    JournalKind,
    Product,
    ProductType,
    Schedule,
)
from catalog.selectors import flights_on
from catalog.services.seeding import FlightsSeeded, RoutesOutOfRange, reference, seed_flights, seed_reference
from catalog.services.seeding.places import DESTINATIONS, HUBS, places

START = date(2026, 12, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def _few_airports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those that are flown to: the whole world takes a second."""
    few = {code: places()[code] for code in (*HUBS, *DESTINATIONS)}
    monkeypatch.setattr(reference, "places", lambda: few)


@pytest.fixture
def _reference(_few_airports: None) -> None:
    seed_reference()


def seed(*, days: int = 2, routes: int = 6, number: int = 1, start: date = START) -> FlightsSeeded:
    return seed_flights(days=days, routes=routes, seed=number, start=start)


def snapshot() -> list[tuple[object, ...]]:
    return list(Flight.objects.order_by("id").values_list("id", "flight_number", "departing_at", "arriving_at"))


def test_every_airport_has_a_time_zone_that_exists() -> None:
    added = seed_reference().airports

    assert added == Airport.objects.count() > 7000
    assert all(ZoneInfo(zone) for zone in Airport.objects.values_list("time_zone", flat=True).distinct())


@pytest.mark.usefixtures("_reference")
def test_products_cover_all_eight_types_and_are_valid() -> None:
    products = list(Product.objects.all())
    assert {product.type for product in products} == {kind.value for kind in ProductType}
    assert len(products) >= 12
    for product in products:
        product.full_clean()


@pytest.mark.usefixtures("_reference")
def test_three_bundles_are_seeded() -> None:
    flight_only, comfort, premium = Bundle.objects.all()
    assert (flight_only.name, flight_only.refundable, flight_only.items.count()) == ("Flight Only", False, 0)
    assert (comfort.name, comfort.discount_percent, comfort.items.count()) == ("Comfort Bundle", Decimal(10), 3)
    assert (premium.name, premium.refund_penalty, premium.items.count()) == ("Premium Bundle", Money(0, "USD"), 6)
    assert flight_only.change_penalty == Money.of("100.00", "USD")


@pytest.mark.usefixtures("_reference")
def test_al_100_has_a_hundred_economy_seats_at_200() -> None:
    seed()

    [flight] = flights_on(origin="LHR", destination="JFK", departure_date=START)
    economy = flight.cabin("economy")
    assert (flight.carrier, flight.flight_number) == ("AL", "100")
    assert economy is not None
    assert (economy.capacity, economy.base) == (100, Money.of("200.00", "USD"))


@pytest.mark.usefixtures("_reference")
def test_al_101_flies_back_every_day() -> None:
    seed(number=7)

    back = flights_on(origin="JFK", destination="LHR", departure_date=date(2026, 12, 2))

    assert [view.flight_number for view in back] == ["101"]


@pytest.mark.usefixtures("_reference")
def test_every_capacity_has_a_line_in_the_journal() -> None:
    seeded = seed()

    assert Inventory.objects.count() == JournalEntry.objects.count() == seeded.inventories
    for entry in JournalEntry.objects.select_related("inventory"):
        assert (entry.version, entry.kind, entry.actor) == (1, JournalKind.CAPACITY, "system:seed")
        assert (entry.inventory.version, entry.inventory.capacity) == (1, entry.d_capacity)


@pytest.mark.usefixtures("_reference")
def test_every_flight_has_lounge_slots_beside_its_cabins() -> None:
    seeded = seed()

    assert Inventory.objects.filter(product__code="LNG", capacity=40, cabin="").count() == seeded.flights
    assert not Inventory.objects.filter(product__type=ProductType.FLIGHT).exists()


@pytest.mark.usefixtures("_reference")
def test_a_second_run_adds_nothing() -> None:
    seed()
    first = snapshot()

    assert seed() == FlightsSeeded(schedules=0, flights=0, inventories=0, season=12)
    assert snapshot() == first


@pytest.mark.usefixtures("_reference")
def test_the_same_seed_gives_the_same_flights_anywhere() -> None:
    seed(days=1, routes=3)

    assert all(is_id("flt", str(row[0])) for row in snapshot())
    assert ("flt_01m8rjey20pn6fenwjnexn6gs4", "100") in [row[:2] for row in snapshot()]


@pytest.mark.usefixtures("_reference")
def test_another_day_adds_only_that_day() -> None:
    seed(days=2)

    seeded = seed(days=3)

    assert (seeded.flights, seeded.season) == (6, 18)


@pytest.mark.usefixtures("_reference")
def test_a_larger_network_keeps_the_smaller_one() -> None:
    seed(routes=4)
    before = snapshot()

    seed(routes=8)

    assert set(before) < set(snapshot())


@pytest.mark.usefixtures("_reference")
def test_what_staff_changed_stays_changed() -> None:
    seed()
    Product.objects.filter(code="BAG-23").update(base_price_minor=9900)
    BundleItem.objects.filter(bundle="comfort").delete()
    Fare.objects.filter(schedule__flight_number="102").update(base_minor=100)
    Flight.objects.filter(flight_number="103").update(sales_open=False)

    seed_reference()
    seed()

    assert Product.objects.get(code="BAG-23").base_price_minor == 9900
    assert not BundleItem.objects.filter(bundle="comfort").exists()
    assert set(Fare.objects.filter(schedule__flight_number="102").values_list("base_minor", flat=True)) == {100}
    assert not Flight.objects.filter(flight_number="103", sales_open=True).exists()


@pytest.mark.usefixtures("_reference")
def test_flights_lacking_a_limited_product_are_caught_up_with() -> None:
    Product.objects.filter(code="LNG").update(active=False)
    seed()
    Product.objects.filter(code="LNG").update(active=True)

    seeded = seed()

    assert (seeded.flights, seeded.inventories) == (0, 12)


@pytest.mark.parametrize("routes", [1, 9901])
@pytest.mark.usefixtures("_reference")
def test_an_impossible_number_of_routes_is_refused(routes: int) -> None:
    with pytest.raises(RoutesOutOfRange):
        seed(routes=routes)

    assert not Schedule.objects.exists()
