"""The list of orders: one box that finds, filters that narrow, days to choose, and nothing that counts them all."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from altis.accounts.models import User
from altis.privacy.services.erase import erase_person
from altis.shared import clock
from catalog.models import Flight
from orders.admin.days import strip
from orders.models import Order, OrderItem, Passenger
from payments.models import Payment
from tests.backoffice.pages import page
from tests.orders.trips import CAUSE

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 15


def _list(client: Client, **asked: str) -> list[Order]:
    reply = client.get(page(Order, "changelist"), asked)
    assert reply.status_code == 200
    return list(reply.context["cl"].result_list)


def test_an_order_is_found_by_the_whole_family_name(looker: Client, proposed: Order) -> None:
    whole = ["passenger", " PASSENGER ", "Test Passenger", "PASSENGER/TEST", "Passenger, Test"]
    whole += ["Test of the Passenger", "one two three four five six seven Passenger"]
    parts = ["Pass", "TEST", "p", "/", ",", "Passenger Test"]

    assert [_list(looker, q=term) for term in whole] == [[proposed]] * len(whole)
    assert [_list(looker, q=term) for term in parts] == [[]] * len(parts)


def test_an_order_is_found_by_its_contact_and_by_its_owner_s_address(
    looker: Client, proposed: Order, owner_user: User
) -> None:
    terms = ["passenger@example.com", "Passenger@Example.COM", "owner@example.com"]

    assert [_list(looker, q=term) for term in terms] == [[proposed]] * len(terms)
    assert [_list(looker, q=f"x{term}") for term in terms] == [[]] * len(terms)


def test_an_order_is_found_by_the_ids_of_its_parts_and_of_its_money(looker: Client, fulfilled: Order) -> None:
    ids = [
        fulfilled.documents.earliest("pk").pk,
        fulfilled.passengers.earliest("pk").pk,
        fulfilled.items.earliest("pk").pk,
        fulfilled.events.earliest("pk").pk,
        Payment.objects.get().pk,
        Flight.objects.get().pk,
    ]

    assert [_list(looker, q=f" {id.upper()} ") for id in ids] == [[fulfilled]] * len(ids)
    assert _list(looker, q="pay_none") == _list(looker, q="xyz_none") == []


def test_who_was_erased_is_found_by_no_name_and_no_address(looker: Client, proposed: Order) -> None:
    Order.objects.update(status="EXPIRED")

    erase_person(person=proposed.owner_id, cause=CAUSE)

    assert set(Passenger.objects.values_list("name_index", flat=True)) == {""}
    assert Order.objects.get().contact_index == ""
    assert _list(looker, q="passenger") == _list(looker, q="passenger@example.com") == []


def test_a_filter_leaves_what_fits(looker: Client, proposed: Order) -> None:
    fits = {"status__exact": "PROPOSED", "bundle": "premium", "currency": "usd"}
    fits |= {"placed_from": "2020-01-01", "placed_to": "2100-01-01"}
    does_not = {"status__exact": "PAID", "bundle": "none", "currency": "EUR"}
    does_not |= {"placed_from": "2100-01-01", "placed_to": "2020-01-01"}

    assert [_list(looker, **{name: value}) for name, value in fits.items()] == [[proposed]] * len(fits)
    assert [_list(looker, **{name: value}) for name, value in does_not.items()] == [[]] * len(does_not)


def test_orders_are_found_by_flight_and_day_of_departure(looker: Client, proposed: Order) -> None:
    flight = Flight.objects.get(pk=OrderItem.objects.filter(flight__isnull=False).values("flight")[:1])
    number, day = f"{flight.carrier} {flight.flight_number.lstrip('0')}", flight.departure_date.isoformat()

    found = [{"flight": number}, {"flight": flight.pk}, {"departs": day}, {"flight": number, "departs": day}]
    missed = [{"flight": "ZZ 1"}, {"departs": "2020-01-01"}, {"flight": number, "departs": "2020-01-01"}]

    assert [_list(looker, **each) for each in found] == [[proposed]] * 4
    assert [_list(looker, **each) for each in missed] == [[]] * 3


def test_what_is_no_value_is_no_error(looker: Client, db: None) -> None:
    names = ("placed_from", "placed_to", "departs", "flight", "currency", "bundle", "q")

    for value in ("2026-02-30", "%", "' OR 1=1 --", "@", "_" * 300):
        asked = dict.fromkeys(names, value)
        assert looker.get(page(Order, "changelist"), asked).status_code == 200, asked


def test_the_list_is_read_within_its_queries_and_counts_nothing(looker: Client, proposed: Order) -> None:
    for asked in ({}, {"q": "passenger"}, {"q": "passenger@example.com"}, {"departs": "2026-12-01"}):
        with CaptureQueriesContext(connection) as queries:
            _list(looker, **asked)

        texts = [query["sql"] for query in queries]
        assert len(texts) <= MOST_QUERIES, texts
        assert not [text for text in texts if "COUNT(*)" in text or "DISTINCT" in text]


def test_an_empty_list_says_what_to_do(looker: Client, db: None) -> None:
    address = page(Order, "changelist")

    assert "No orders yet" in looker.get(address).text
    assert "found whole only" in looker.get(address, {"q": "nobody"}).text
    assert "Take one away" in looker.get(address, {"departs": "2020-01-01"}).text


def test_the_days_go_from_months_to_the_days_of_one_to_a_day() -> None:
    today = date(2026, 11, 23)
    months = strip(QueryDict("status__exact=PAID&p=3"), today)
    days = strip(QueryDict(months[3]["link"][1:]), today)
    one = strip(QueryDict(days[2]["link"][1:]), today)

    assert [each["title"] for each in months[:4]] == ["Today", "Yesterday", "7 days", "Nov 2026"]
    assert months[3]["link"] == "?status__exact=PAID&placed_from=2026-11-01&placed_to=2026-11-30"
    assert [each["title"] for each in days[:3]] == ["All days", "Nov 2026", "1"]
    assert len(days) == 2 + 23
    assert [each["title"] for each in one if each["chosen"]] == ["1"]
    assert days[0]["link"] == "?status__exact=PAID"


def test_a_day_of_the_strip_is_the_whole_day(looker: Client, proposed: Order) -> None:
    today: Any = strip(QueryDict(""), clock.now().date())[0]

    assert looker.get(page(Order, "changelist") + today["link"]).context["cl"].result_list[0] == proposed
