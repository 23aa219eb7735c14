"""Flights at a desk: found, judged at a glance, and changed by commands alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from altis.accounts.models import User
from altis.accounts.roles import Role
from altis.shared import clock
from catalog.models import Flight, Inventory, JournalEntry
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page
from tests.catalog.services.commands import hold
from tests.factories import cabin_of, make_aircraft, make_flight

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 15
BY_HTMX = {"HX-Request": "true"}
# Of each role: the flight's work list, its inventory, its journal, and its orders.
ROLES = {
    Role.PRICING_ANALYST: [False, True, False, False],
    Role.PRODUCT_MANAGER: [False, True, True, True],
    Role.CUSTOMER_AGENT: [True, True, False, True],
    Role.FINANCE: [True, False, False, True],
    Role.AUDITOR: [True, True, True, True],
}


@pytest.fixture
def flight() -> Flight:
    return make_flight(seats={"economy": 20}, flight_number="126")


def _press(client: Client, flight: Flight, button: str, **answers: object) -> int:
    address = f"/admin/catalog/flight/{flight.pk}/{button}/"
    return client.post(address, {"_form_submitted": "on", **answers}, headers=BY_HTMX).status_code


def _found(client: Client, **query: str) -> list[str]:
    reply: Any = client.get(page(Flight, "changelist"), query)
    assert reply.status_code == 200, reply
    return [flight.flight_number for flight in reply.context["cl"].result_list]


@pytest.mark.parametrize("words", ["126", "al126", "AL 126", "lhr-jfk 126", "JFK 126", "126 {day}", "{id}"])
def test_a_flight_is_found_by_number_route_date_and_id(looker: Client, flight: Flight, words: str) -> None:
    make_flight(flight_number="7", origin="SIN", destination="CDG")

    assert _found(looker, q=words.format(day=flight.departure_date, id=flight.pk)) == ["126"]


def test_what_no_flight_has_finds_none(looker: Client, flight: Flight) -> None:
    assert [_found(looker, q=words) for words in ("economy!", "2026-99-99", "CDG", "127")] == [[]] * 4


def test_flights_are_filtered_by_route_load_and_sales(looker: Client, flight: Flight) -> None:
    make_flight(flight_number="7", origin="SIN", destination="CDG", sales_open=False)
    Inventory.objects.filter(flight=flight).update(sold=17, held=1)

    assert _found(looker, route="SIN-CDG") == ["7"]
    assert [_found(looker, full=share) for share in ("80", "90", "100", "over")] == [["126"], ["126"], [], []]
    assert [_found(looker, sales=state) for state in ("open", "closed", "cancelled")] == [["126"], ["7"], []]
    day = f"{flight.departure_date:%Y-%m-%d}"
    assert sorted(_found(looker, departure_date_from=day, departure_date_to=day)) == ["126", "7"]


def test_a_list_shows_load_and_price_and_takes_no_more_queries_for_more_flights(
    looker: Client, flight: Flight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("altis.backoffice.worklists.counts._SECONDS", 600)
    Inventory.objects.filter(flight=flight).update(sold=8, held=2)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text = looker.get(page(Flight, "changelist")).text
        assert "8 sold · 2 held · 10 left" in text
        assert "300.00 USD" in text  # half full: 1 + 2 · 0.5² times 200
        return len(captured)

    queries()
    one = queries()
    for number in range(200, 206):
        make_flight(flight_number=str(number))

    assert queries() == one <= MOST_QUERIES


def test_a_flight_s_page_shows_cabins_journal_and_stranded_orders(administrator: Client, flight: Flight) -> None:
    hold(cabin_of(flight), 2, sold=True)
    _press(administrator, flight, "cancel", reason="weather")

    administrator.get(page(Flight, "change", flight.pk))
    with CaptureQueriesContext(connection) as queries:
        text = administrator.get(page(Flight, "change", flight.pk)).text

    for shown in ("left of 20", "CANCELLED", "weather", "ord_1", "1 paid order on it waits"):
        assert shown in text
    assert "Cancel flight" not in text
    assert len(queries) <= MOST_QUERIES


def test_each_role_sees_of_a_flight_what_it_may_see_elsewhere(
    administrator: Client, staff: Staff, flight: Flight
) -> None:
    hold(cabin_of(flight), 2, sold=True)
    _press(administrator, flight, "cancel", reason="weather")

    texts = {role: staff(role.value).get(page(Flight, "change", flight.pk)).text for role in ROLES}

    assert all("1 paid order on it waits" in text for text in texts.values())
    links = (f"/admin/worklists/flights/{flight.pk}/", page(Inventory, "change", cabin_of(flight).pk), "Newest changes")
    assert {role: [link in text for link in (*links, "ord_1")] for role, text in texts.items()} == ROLES


def test_what_was_flown_offers_no_command_and_takes_none(administrator: Client, flight: Flight) -> None:
    Flight.objects.update(departing_at=clock.now() - timedelta(days=3), arriving_at=clock.now() - timedelta(days=2))

    text = administrator.get(page(Flight, "change", flight.pk)).text
    _press(administrator, flight, "cancel", reason="weather")

    assert ("Cancel flight" in text, "Swap aircraft" in text) == (False, False)
    assert "it is history" in administrator.get(page(Flight, "change", flight.pk)).text
    assert (JournalEntry.objects.count(), LogEntry.objects.count()) == (1, 0)


COMMANDS: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("capacity", {"capacity": 30, "reason": "operations"}, {"capacity": 30}),
    ("overbooking", {"units": 1, "reason": "no_show_forecast"}, {"forced_over": 1}),
    ("close", {"reason": "operations"}, {"closed": True, "flight__sales_open": False}),
    ("cancel", {"reason": "technical"}, {"closed": True, "flight__cancelled_at__isnull": False}),
]


@pytest.mark.parametrize(("button", "answers", "after"), COMMANDS)
def test_a_command_changes_the_flight_and_leaves_actor_and_reason(
    administrator: Client, flight: Flight, button: str, answers: dict[str, object], after: dict[str, object]
) -> None:
    cabin = cabin_of(flight)
    more = {"inventory": cabin.pk} if button in ("capacity", "overbooking") else {}

    assert _press(administrator, flight, button, **answers, **more) == 200

    assert Inventory.objects.filter(pk=cabin.pk, **after).exists()
    line = JournalEntry.objects.latest("version")
    staff = User.objects.get(is_superuser=True)
    assert (line.actor, line.reason) == (f"staff:{staff.pk}", answers["reason"])
    assert str(answers["reason"]) in LogEntry.objects.get().get_change_message()


def test_a_command_leads_back_to_the_page_with_htmx_and_without(administrator: Client, flight: Flight) -> None:
    address, shown = f"/admin/catalog/flight/{flight.pk}", page(Flight, "change", quote(flight.pk))

    def press(button: str, **headers: Any) -> Any:
        answers = {"_form_submitted": "on", "reason": "operations"}
        return administrator.post(f"{address}/{button}/", answers, headers=headers)

    plain, by_htmx = press("close"), press("close", **BY_HTMX)

    assert (plain.status_code, plain["Location"], "HX-Redirect" in plain) == (302, shown, False)
    assert (by_htmx.status_code, by_htmx["HX-Redirect"], "Location" in by_htmx) == (200, shown, False)


def test_a_closed_flight_is_reopened_and_a_smaller_aircraft_is_refused(administrator: Client, flight: Flight) -> None:
    _press(administrator, flight, "close", reason="pricing")
    _press(administrator, flight, "reopen", reason="resolved")
    hold(cabin_of(flight), 5)
    small = make_aircraft({"economy": 4})

    _press(administrator, flight, "swap", aircraft=small.pk, reason="technical")

    flight.refresh_from_db()
    assert (flight.sales_open, flight.aircraft_id == small.pk) == (True, False)
    assert "economy lacks 1" in administrator.get(page(Flight, "change", flight.pk)).text
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize(("button", "answers", "_after"), COMMANDS)
def test_a_reason_that_is_none_changes_nothing(
    administrator: Client, flight: Flight, button: str, answers: dict[str, object], _after: dict[str, object]
) -> None:
    given = {**answers, "inventory": cabin_of(flight).pk}

    for reason in ("because Jane Doe said so", ""):
        _press(administrator, flight, button, **{**given, "reason": reason})

    assert (JournalEntry.objects.count(), LogEntry.objects.count()) == (1, 0)


def test_the_dialog_tells_how_much_overbooking_is_allowed(
    administrator: Client, flight: Flight, settings: Settings
) -> None:
    settings.ALTIS_OVERBOOKING = "economy=10"

    text = administrator.get(f"/admin/catalog/flight/{flight.pk}/overbooking/").text

    assert "Economy: 20, of these 0 sold and 0 held; at most 2 beyond" in text
    assert "Choose one" in text


def test_another_flight_s_inventory_cannot_be_named(administrator: Client, flight: Flight) -> None:
    other = cabin_of(make_flight())

    _press(administrator, flight, "capacity", inventory=other.pk, capacity=1, reason="operations")

    other.refresh_from_db()
    assert other.capacity == 100


def test_an_auditor_sees_the_flight_and_changes_nothing(staff: Staff, flight: Flight) -> None:
    auditor = staff(Role.AUDITOR.value)

    text = auditor.get(page(Flight, "change", flight.pk)).text
    statuses = {_press(auditor, flight, button, **answers) for button, answers, _ in COMMANDS}

    assert ("left of 20" in text, "Cancel flight" in text, statuses) == (True, False, {403})
    assert JournalEntry.objects.count() == 1
