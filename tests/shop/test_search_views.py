"""Searching: the form takes what people write, and offers say what is in them and why they cost what they cost."""

import re
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.test import Client
from pytest_django import Settings

from altis.shared.clock import now
from altis.store.redis import StoreDown
from catalog.models import Airport, Flight
from offers.models import Offer
from tests.offers import market
from tests.shop.browsing import Browser, text_of

_ENDS = ("origin", "destination")


def test_first_page_asks_no_store_and_has_the_whole_form() -> None:
    page = Client().get("/")  # without the database, which this test may not use

    names = set(re.findall(r'<(?:input|select) id="(\w+)"', text_of(page)))
    assert page.status_code == 200
    assert names == {"origin", "destination", "date", "back", "adults", "children", "infants", "ages", "cabin"}
    assert "<script" not in re.sub(r"<script defer nonce=[^>]*></script>", "", text_of(page))


def test_first_page_promises_what_the_settings_say(settings: Settings) -> None:
    settings.ALTIS_OFFER_TTL_SECONDS, settings.ALTIS_ORDER_HOLD_SECONDS = 60, 2700

    text = text_of(Client().get("/"))

    assert ("good for 1 minute." in text, "yours for 45 minutes." in text) == (True, True)


def test_a_link_fills_the_form_in_without_asking_a_store() -> None:
    day = market.soon().isoformat()

    text = text_of(Client().get("/", {"origin": "LHR", "date": day, "adults": "2", "destination": '"><b>'}))

    assert ('name="origin" value="LHR"' in text, f'min="{now().date()}" value="{day}"' in text) == (True, True)
    assert ('<option value="2" selected>2</option>' in text, "<b>" in text) == (True, False)


def test_a_link_to_a_day_that_is_over_begins_in_two_weeks() -> None:
    text = text_of(Client().get("/", {"date": "2020-01-01", "back": "2020-01-08"}))

    assert f'value="{market.soon(14)}"' in text
    assert "2020-01" not in text


def test_offers_stand_side_by_side_with_what_is_in_each(visitor: Browser) -> None:
    page = visitor.search()

    text = text_of(page)
    assert (page.status_code, text.count("<article"), text.count('href="/offers/')) == (200, 3, 3)
    assert ("Not refundable" in text, "Refund for a fee of USD\u00a075.00" in text) == (True, True)
    assert re.search(r"<h1>.*\(LHR\) to .*\(JFK\)</h1>", text)


def test_every_price_explanation_adds_up_to_its_total(visitor: Browser) -> None:
    tables = re.findall(
        r'<table class="price">.*?</table>', text_of(visitor.search(adults="2", infants="1")), re.DOTALL
    )

    def amounts(table: str, row: str) -> list[Decimal]:
        found = re.findall(rf'<tr class="{row}">.*?<td>(?:USD.)?([^<]+)</td>', table)
        return [Decimal(text.replace(",", "").replace("\u2212", "-")) for text in found]

    assert len(tables) == 3
    for table in tables:
        [total] = re.findall(r"<tfoot>.*<td>USD.([\d,.]+)</td>", table)
        assert sum(amounts(table, "item")) == Decimal(total.replace(",", ""))
        assert amounts(table, "part")


@pytest.mark.parametrize(
    ("typed", "shown"), [("lhr", "LHR"), ("X City (LHR)", "LHR"), ("London", "LHR"), ("lond", "LHR")]
)
def test_an_airport_is_meant_by_its_code_its_city_or_its_beginning(typed: str, shown: str, visitor: Browser) -> None:
    Airport.objects.filter(pk="LHR").update(city="London", name="Heathrow")

    page = visitor.search(origin=typed)

    assert (page.status_code, f"<h1>London ({shown}) to" in text_of(page)) == (200, True)


def test_a_city_with_two_airports_asks_which(visitor: Browser) -> None:
    Airport.objects.filter(pk__in=("LHR", "JFK")).update(city="London")
    market.fly("101", way=("JFK", "LHR"))

    page = visitor.search(origin="London")

    assert page.status_code == 422
    assert "Say which airport you mean: London (JFK), London (LHR)" in text_of(page)


def test_of_two_airports_of_a_city_the_one_with_flights_is_meant(visitor: Browser) -> None:
    Airport.objects.filter(pk__in=("LHR", "JFK")).update(city="London", name="Airport")

    page = visitor.search(origin="London", destination="JFK")

    assert (page.status_code, "<h1>London (LHR) to" in text_of(page)) == (200, True)


def test_letters_amid_a_name_mean_no_airport(visitor: Browser) -> None:
    Airport.objects.filter(pk="LHR").update(city="London", name="Heathrow")

    page = visitor.search(origin="eathro")

    assert (page.status_code, "We do not know this airport" in text_of(page)) == (422, True)


def test_airports_with_flights_are_suggested_first(visitor: Browser) -> None:
    Airport.objects.filter(pk="JFK").update(city="Lonato")
    Airport.objects.filter(pk="LHR").update(city="London")

    ways = [
        re.findall(r'data-value="[^"]*\((\w+)\)"', text_of(visitor.get("/airports", **{end: "lon"}))) for end in _ENDS
    ]

    assert ways == [["LHR", "JFK"], ["JFK", "LHR"]]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("origin", "", "Enter where you start"),
        ("origin", "Nowhere", "We do not know this airport"),
        ("destination", "LHR", "Choose another airport"),
        ("date", "", "Enter the day as year-month-day"),
        ("date", "2020-01-01", "This day is over"),
        ("back", "2020-01-01", "This day is over"),
        ("adults", "0", "Somebody has to travel"),
        ("adults", "ten", "Choose a number"),
        ("infants", "3", "There can be no more infants than adults"),
        ("ages", "7", "Give one age for each child"),
        ("cabin", "roof", ""),
        ("origin", "4242" * 4, "Leave out characters"),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_on_top(field: str, value: str, said: str, visitor: Browser) -> None:
    page = visitor.search(**{field: value})

    text = text_of(page)
    assert page.status_code == 422
    assert (f'<p class="error" id="{field}-error">{said}' in text, f'<a href="#{field}">{said}' in text) == (True, True)
    assert f'aria-describedby="{field}-error"' in text
    assert ('role="alert" tabindex="-1" autofocus' in text, "<title>Error: " in text) == (True, True)
    assert "4242" * 4 not in text


def test_ten_travellers_are_too_many(visitor: Browser) -> None:
    page = visitor.search(adults="9", children="1")

    assert (page.status_code, 'id="adults-error">At most nine can travel together' in text_of(page)) == (422, True)


def test_return_trip_and_ages_of_children_reach_the_offers(visitor: Browser) -> None:
    market.fly("101", way=("JFK", "LHR"), day=market.soon(14))

    text = text_of(visitor.search(back=market.soon(14).isoformat(), children="1", ages="7"))

    assert (text.count('class="way"'), text.count("<article")) == (6, 3)
    assert "economy, child" in text


@pytest.mark.parametrize(
    ("sold", "days", "title"), [(100, 10, "This day is sold out"), (0, 11, "No flights on this day")]
)
def test_nothing_to_sell_says_why_and_what_to_do(
    sold: int, days: int, title: str, visitor: Browser, flight: Flight
) -> None:
    flight.inventory.filter(product__type__isnull=True).update(sold=sold)
    flight.inventory.filter(cabin="economy").update(sold=sold)

    page = visitor.search(date=market.soon(days).isoformat())

    assert (page.status_code, title in text_of(page), "change the search above" in text_of(page)) == (200, True, True)


def test_a_list_suggests_airports_by_code_city_and_name(visitor: Browser) -> None:
    Airport.objects.filter(pk="LHR").update(city="London", name="Heathrow")

    page = visitor.get("/airports", destination="heath")

    assert 'id="destination-option-0" aria-selected="false" data-value="London (LHR)"' in text_of(page)
    assert text_of(visitor.get("/airports", origin="")).strip() == ""


def test_searches_share_the_limit_of_the_interface(visitor: Browser, settings: Settings) -> None:
    settings.ALTIS_RATE_LIMITS = "search=1/60:1"
    visitor.search()

    page = visitor.search()

    assert (page.status_code, page["Retry-After"].isdigit(), "A little slower" in text_of(page)) == (429, True, True)


def test_asking_for_the_headers_alone_counts_as_a_search(visitor: Browser, settings: Settings) -> None:
    settings.ALTIS_RATE_LIMITS = "search=1/60:1"
    asked = {"origin": "LHR", "destination": "JFK", "date": market.soon().isoformat(), "adults": "1"}

    replies = [visitor.client.head("/search", asked) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 429]


@pytest.mark.parametrize("error", [StoreDown, psycopg.OperationalError])  # the driver's own, past Django, too
def test_a_store_that_is_away_is_told_as_a_page(
    error: type[Exception], visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: Any) -> None:
        raise error

    monkeypatch.setattr("altis.shop.search_views.search_offers", away)

    page = visitor.search()

    assert (page.status_code, "Not available at the moment" in text_of(page)) == (503, True)
    assert Offer.objects.count() == 0
