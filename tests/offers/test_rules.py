"""What a search may not ask for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.rules import faults_in, plainly_sound
from offers.trip import PASSENGER_TYPES, Passenger, SearchRequest, SliceRequest
from tests.offers.builders import request

ZONES = {
    "LHR": "Europe/London",
    "JFK": "America/New_York",
    "AKL": "Pacific/Auckland",
    "LAX": "America/Los_Angeles",
    "HNL": "Pacific/Honolulu",
}
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _faults(asked: SearchRequest, *, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in faults_in(asked, zones=ZONES, now=now)]


def _trip(*slices: tuple[str, str, str]) -> SearchRequest:
    asked = tuple(SliceRequest(origin, to, date.fromisoformat(day)) for origin, to, day in slices)
    return SearchRequest(asked, (Passenger("adult"),))


def test_an_ordinary_return_trip_breaks_no_rule() -> None:
    party = [Passenger("adult"), Passenger("adult"), Passenger("child", 7), Passenger("infant")]

    assert _faults(request(*party, slices=2)) == []


@pytest.mark.parametrize(
    ("slice", "code", "pointer"),
    [
        (("XXX", "JFK", "2026-12-01"), "unknown_airport", "/slices/0/origin"),
        (("LHR", "lhr", "2026-12-01"), "unknown_airport", "/slices/0/destination"),
        (("LHR", "LHR", "2026-12-01"), "same_airport", "/slices/0/destination"),
        (("LHR", "JFK", "2026-11-19"), "departure_in_past", "/slices/0/departure_date"),
    ],
)
def test_a_slice_that_cannot_be_is_named(slice: tuple[str, str, str], code: str, pointer: str) -> None:
    assert _faults(_trip(slice)) == [(code, pointer)]


def test_every_broken_rule_is_told_at_once() -> None:
    asked = _trip(("XXX", "XXX", "2020-01-01"))

    assert [code for code, _ in _faults(asked)] == [
        "unknown_airport",
        "unknown_airport",
        "same_airport",
        "departure_in_past",
    ]


@pytest.mark.parametrize(
    ("origin", "refused"),
    [("HNL", False), ("JFK", False), ("LHR", True), ("AKL", True)],
)
def test_today_is_the_local_date_at_the_origin(origin: str, refused: bool) -> None:
    after_midnight_in_london = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)

    faults = _faults(_trip((origin, "LAX", "2026-11-19")), now=after_midnight_in_london)

    assert faults == ([("departure_in_past", "/slices/0/departure_date")] if refused else [])


def test_a_slice_before_the_one_before_is_refused() -> None:
    faults = _faults(_trip(("LHR", "JFK", "2026-12-05"), ("JFK", "LHR", "2026-12-04")))

    assert faults == [("slices_out_of_order", "/slices/1/departure_date")]


def test_over_the_date_line_one_may_go_on_the_day_before() -> None:
    assert _faults(_trip(("AKL", "LAX", "2026-12-05"), ("LAX", "JFK", "2026-12-04"))) == []
    assert _faults(_trip(("AKL", "LAX", "2026-12-05"), ("LAX", "JFK", "2026-12-03"))) != []


@pytest.mark.parametrize(
    ("party", "code", "pointer"),
    [
        ([Passenger("adult")] * 10, "too_many_passengers", "/passengers"),
        ([Passenger("infant")], "too_many_infants", "/passengers"),
        ([Passenger("adult"), Passenger("infant"), Passenger("infant")], "too_many_infants", "/passengers"),
        ([Passenger("child", 1)], "invalid_age", "/passengers/0/age"),
        ([Passenger("child", 12)], "invalid_age", "/passengers/0/age"),
        ([Passenger("adult"), Passenger("infant", 2)], "invalid_age", "/passengers/1/age"),
        ([Passenger("adult", 11)], "invalid_age", "/passengers/0/age"),
    ],
)
def test_a_party_that_cannot_travel_is_refused(party: list[Passenger], code: str, pointer: str) -> None:
    assert _faults(request(*party)) == [(code, pointer)]


@pytest.mark.parametrize("age", [2, 11])
def test_a_child_is_two_to_eleven(age: int) -> None:
    assert _faults(request(Passenger("adult"), Passenger("child", age))) == []


@given(
    st.sampled_from([*ZONES, "XXX"]),
    st.sampled_from([*ZONES, "XXX"]),
    st.dates(date(2026, 11, 18), date(2026, 11, 24)),
    st.lists(st.builds(Passenger, st.sampled_from(PASSENGER_TYPES), st.none() | st.integers(0, 13)), min_size=1),
    st.integers(0, 1440),
)
def test_a_glance_lets_nothing_through_that_a_closer_look_refuses(
    origin: str, destination: str, day: date, travellers: list[Passenger], minute: int
) -> None:
    asked = SearchRequest((SliceRequest(origin, destination, day),), tuple(travellers))
    now = NOW + timedelta(minutes=minute - 720)

    if plainly_sound(asked, zones=ZONES, now=now):
        assert _faults(asked, now=now) == []


def test_a_glance_is_enough_for_most_searches() -> None:
    assert plainly_sound(request(Passenger("adult"), Passenger("infant")), zones=ZONES, now=NOW)
    assert not plainly_sound(
        request(Passenger("adult"), Passenger("infant"), Passenger("infant")), zones=ZONES, now=NOW
    )
