"""Staff find and edit the catalog; nobody edits the ledger."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from altis.accounts.models import User
from catalog.models import Bundle, BundleItem, Flight, Inventory, Product
from tests.factories import cabin_of, make_airport, make_bundle, make_flight, make_product

MODELS = ("airport", "aircraft", "schedule", "flight", "product", "bundle", "inventory", "journalentry", "hold")
pytestmark = pytest.mark.django_db(databases=["default", "analytics"])  # the sidebar counts what waits


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("staff@example.com", "correct horse battery"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens_and_can_be_searched(staff: Client, model: str) -> None:
    make_bundle(items={make_product(): 1})
    make_flight()

    for query in ("", "?q=AL+1"):
        assert staff.get(reverse(f"admin:catalog_{model}_changelist") + query).status_code == 200


def test_flights_are_found_by_route_and_show_their_load(staff: Client) -> None:
    flight = make_flight(seats={"economy": 100})
    make_flight(origin="SIN", destination="CDG")
    Inventory.objects.filter(pk=cabin_of(flight).pk).update(held=2, sold=10)

    page = staff.get(reverse("admin:catalog_flight_changelist"), {"q": "LHR"}).content.decode()

    assert "LHR-JFK" in page
    assert "10 sold · 2 held · 88 left" in page
    assert "SIN-CDG" not in page


def test_nobody_edits_a_flight(staff: Client) -> None:
    flight = make_flight()

    reply = staff.post(reverse("admin:catalog_flight_change", args=[flight.pk]), {"carrier": "XX"})

    flight.refresh_from_db()
    assert (reply.status_code, flight.sales_open, flight.carrier) == (403, True, "AL")
    assert not admin.site.get_model_admin(Flight).has_add_permission(None)  # type: ignore[arg-type]  # not looked at


@pytest.mark.parametrize("model", ["inventory", "journalentry", "hold"])
def test_nobody_adds_to_the_ledger(staff: Client, model: str) -> None:
    assert staff.get(reverse(f"admin:catalog_{model}_add")).status_code == 403


@pytest.mark.parametrize("page", ["change", "delete"])
def test_nobody_edits_or_deletes_a_counter_or_a_journal_line(staff: Client, page: str) -> None:
    counter = cabin_of(make_flight())
    line = counter.journal.get()

    for row in (counter, line):
        address = reverse(f"admin:catalog_{row._meta.model_name}_{page}", args=[row.pk])
        assert staff.post(address, {"post": "yes", "capacity": "1"}).status_code == 403

    counter.refresh_from_db()
    assert (counter.capacity, counter.journal.count()) == (100, 1)


def test_attributes_that_do_not_fit_are_shown_as_an_error(staff: Client) -> None:
    form = {
        "type": "bag",
        "code": "BAG-X",
        "name": "Bag",
        "base_price": "1.00",
        "currency": "USD",
        "applies_to": "journey",
        "attr_max_weight_kg": "heavy",
    }

    page = staff.post(reverse("admin:catalog_product_add"), form)

    assert "Enter a whole number." in page.content.decode()
    assert not Product.objects.exists()


def test_staff_put_a_bundle_together(staff: Client) -> None:
    bag = make_product("bag")
    form = {
        "code": "light",
        "name": "Light",
        "discount_percent": "5",
        "position": "4",
        "active": "on",
        "refund_penalty": "0",
        "change_penalty": "0",
        "currency": "USD",
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-product": bag.pk,
        "items-0-quantity": "2",
    }

    reply = staff.post(reverse("admin:catalog_bundle_add"), form)

    assert reply.status_code == 302, reply.content
    assert Bundle.objects.get().discount_percent == 5
    assert list(BundleItem.objects.values_list("product", "quantity")) == [(bag.pk, 2)]


@pytest.mark.parametrize(("model", "make"), [("airport", make_airport), ("bundle", make_bundle)])
def test_a_change_of_a_code_makes_no_other_row(staff: Client, model: str, make: Callable[[], Model]) -> None:
    row = make()
    address = reverse(f"admin:catalog_{model}_change", args=[row.pk])

    text = staff.get(address).text
    staff.post(address, {"code": "other", "reason": "correction"})

    assert ('name="reason"' in text, 'name="code"' in text) == (True, False)
    assert list(type(row)._default_manager.values_list("pk", flat=True)) == [row.pk]


def test_a_stranger_sees_nothing() -> None:
    make_airport()

    assert Client().get(reverse("admin:catalog_airport_changelist")).status_code == 302
