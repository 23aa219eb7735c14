"""What a market keeps: routes and answers, bounded, and only while nothing has changed."""

from datetime import timedelta

import pytest

from catalog.index.records import Cell, Leg
from offers.quick import answers
from offers.quick import market as markets
from offers.quick.market import Market
from offers.quick.rendering import Pressed
from offers.trip import Passenger, SearchRequest, SliceRequest
from tests.offers.builders import DAY, MORNING, package
from tests.offers.quick import worlds

ADULT = Passenger("adult")
DEPARTS = int(MORNING.timestamp()) * 1_000_000


def _leg(number: int = 1, available: int = 50, hours: int = 0) -> Leg:
    leg = Leg(f"flt_{number}", "AL", str(number), ("LHR", "JFK", "Europe/London", "America/New_York"))
    leg.day, leg.departs, leg.arrives = DAY, DEPARTS + hours * 3_600_000_000, DEPARTS + (hours + 8) * 3_600_000_000
    cell = Cell(number, "economy", 100, 20_000, "USD")
    cell.hear(available, 1)
    leg.cabins = (cell,)
    return leg


def _world(*flights: Leg) -> Market:
    return worlds.market(flights or [_leg()], [package()])


def _request(adults: int = 1, day: int = 0) -> SearchRequest:
    return SearchRequest((SliceRequest("LHR", "JFK", DAY + timedelta(days=day)),), (ADULT,) * adults)


def _asked_twice(world: Market, request: SearchRequest, after: int = 0) -> Pressed:
    """An answer is kept from the second time on."""
    world.answer(request, after=after)
    return world.answer(request, after=after)


def test_the_same_search_has_the_same_answer_until_something_changes() -> None:
    world = _world()
    first = _asked_twice(world, _request())

    assert world.answer(_request(), after=1) is first

    world.catalogue.hear(1, available=10, version=2)
    assert world.answer(_request(), after=2) is not first
    assert b'"amount":"524.00"' in world.answer(_request(), after=2).reply.filled({"id": b"", "at": b"", "until": b""})


def test_news_that_change_nothing_here_leave_the_answer() -> None:
    other = _leg(2)
    other.day = DAY + timedelta(days=1)
    world = _world(_leg(), other)
    first = _asked_twice(world, _request())

    world.catalogue.hear(2, available=1, version=2)

    assert world.answer(_request(), after=0) is first


def test_an_answer_ends_when_one_of_its_flights_can_no_longer_be_sold() -> None:
    world = _world(_leg(1), _leg(2, hours=1))
    first = _asked_twice(world, _request(), DEPARTS - 1)

    second = _asked_twice(world, _request(), DEPARTS)

    assert second.size < first.size
    assert world.answer(_request(), after=DEPARTS + 1) is second


def test_other_travellers_are_another_search() -> None:
    world = _world()

    assert _asked_twice(world, _request(1)) is not _asked_twice(world, _request(2))


def test_answers_are_kept_up_to_so_many_bytes_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_BYTES", 20_000)
    world = _world()
    first = _asked_twice(world, _request(1))

    for adults in range(2, 10):
        _asked_twice(world, _request(adults))

    assert 0 < world._answers.size <= 20_000
    assert world._answers.size == sum(kept.size for kept in world._answers._kept.values())
    assert world.answer(_request(1), after=0) is not first


def test_routes_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markets, "MOST_ROUTES", 3)
    world = _world()

    for day in range(10):
        world.answer(_request(day=day), after=0)

    assert len(world._routes) == 3


def test_an_answer_that_news_came_across_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world()
    press = Market._press

    def interrupted(self: Market, *args: object) -> object:
        made = press(self, *args)  # type: ignore[arg-type]  # handed on
        world.catalogue.hear(1, available=world.catalogue.cells[1].look.available - 1, version=99, forced=True)
        return made

    monkeypatch.setattr(Market, "_press", interrupted)

    assert _asked_twice(world, _request()) is not world.answer(_request(), after=0)
    assert world._answers.size == 0


def test_what_is_asked_once_is_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_COUNTED", 2)
    world = _world()

    for adults in range(1, 8):
        world.answer(_request(adults), after=0)

    assert (world._answers.size, len(world._answers._once)) == (0, 1)


def test_an_answer_is_taken_unseen_only_while_its_day_is_past_nowhere() -> None:
    """A day that has begun in UTC is soon over somewhere: from then on the rules are asked again."""
    world, request = _world(), _request()
    begins = DEPARTS - 10 * 3_600_000_000  # MORNING is at ten
    first = _asked_twice(world, request, begins - 1)

    assert world.known(request, after=begins - 1) is first
    assert world.known(request, after=begins) is None
    assert world.answer(request, after=begins) is first
    assert world.known(_request(2), after=begins - 1) is None
