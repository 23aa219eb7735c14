"""Where to begin for who does not know: routes that are flown, and other days of a trip that has nothing to sell."""

import re
from datetime import date, timedelta

from django.urls import reverse

from altis.shared.clock import now
from altis.shop.routes import Trip, cabins_on, days_near, routes
from catalog.models import Airport, Flight
from tests.offers import market
from tests.shop.browsing import Browser, text_of

_LINK = re.compile(r'<a href="(/search\?[^"]+)"><b>([^<]+)</b>')


def trip(day: date, cabin: str = "economy") -> Trip:
    """From London to New York."""
    return Trip("LHR", "JFK", day, cabin)


def test_first_page_asks_for_the_routes_by_itself_and_has_a_link_without_script(visitor: Browser) -> None:
    text = text_of(visitor.get("/"))

    assert 'hx-get="/routes" hx-trigger="load"' in text
    assert '<a href="/routes">See where we fly</a>' in text


def test_each_route_leads_to_its_offers(visitor: Browser) -> None:
    Airport.objects.filter(pk="LHR").update(city="London")

    part = visitor.client.get(reverse("routes"), headers={"HX-Request": "true"})
    whole = visitor.get(reverse("routes"))

    [(link, name)] = _LINK.findall(text_of(part))
    assert (name.startswith("London to "), "<html" in text_of(part), "<h1>Where we fly" in text_of(whole)) == (
        True,
        False,
        True,
    )
    assert part["Vary"] == "HX-Request" or "HX-Request" in part["Vary"]
    offers = visitor.client.get(link.replace("&amp;", "&"))
    assert (offers.status_code, text_of(offers).count("<article")) == (200, 3)


def test_routes_that_nobody_may_buy_are_not_told(visitor: Browser) -> None:
    Flight.objects.update(sales_open=False)

    assert routes() == []
    assert "No flights are for sale" in text_of(visitor.get(reverse("routes")))


def test_nearest_other_days_stand_where_a_day_has_nothing(visitor: Browser) -> None:
    days = [market.soon(number) for number in (9, 13, 14, 20)]
    for number, day in enumerate(days):
        market.fly(str(200 + number), day=day)
    wanted = market.soon(12)

    text = text_of(visitor.search(date=wanted.isoformat(), adults="2", back=market.soon(13).isoformat()))

    links = [link.replace("&amp;", "&") for link, _ in _LINK.findall(text)]
    told = [re.search(r"date=([\d-]+)", link)[1] for link in links]  # type: ignore[index]  # every link has a date
    assert told == [day.isoformat() for day in (days[0], market.soon(), days[1], days[2])]
    assert all("adults=2" in link for link in links)
    assert ["back=" in link for link in links] == [True, True, True, False]


def test_days_that_are_over_or_far_away_are_not_near(visitor: Browser) -> None:
    market.fly("300", day=market.soon(60))

    assert days_near(trip(market.soon())) == []
    assert days_near(trip(now().date() - timedelta(days=1))) == [market.soon()]


def test_a_cabin_that_no_flight_has_leads_to_those_that_are_there(visitor: Browser) -> None:
    text = text_of(visitor.search(cabin="first"))

    assert "No First on this day" in text
    [(link, name)] = _LINK.findall(text)
    assert (name, "cabin=economy" in link) == ("Economy", True)
    assert (days_near(trip(market.soon(), "first")), cabins_on(trip(market.soon()))) == ([], [])


def test_other_trips_stand_where_a_way_is_never_flown(visitor: Browser) -> None:
    text = text_of(visitor.search(origin="JFK", destination="LHR"))

    assert "No flights on this day" in text
    assert [name for _, name in _LINK.findall(text)] != []
