"""Timetables in local time become the right instants, whatever clocks do."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.schedule import Departure, Timetable, days_from, expand, instant, wall_time


def make_timetable(zone: str, departs_at: time, block_minutes: int = 60, weekdays: str = "1234567") -> Timetable:
    return Timetable(zone, departs_at, block_minutes, weekdays, date(2026, 1, 1), date(2027, 12, 31))


def departure_on(day: date, timetable: Timetable) -> Departure:
    [departure] = expand(timetable, [day])
    return departure


@pytest.mark.parametrize(
    ("zone", "day", "wall", "utc"),
    [
        pytest.param("Europe/London", "2026-01-14", "10:30", "2026-01-14T10:30", id="winter"),
        pytest.param("Europe/London", "2026-07-14", "10:30", "2026-07-14T09:30", id="summer"),
        pytest.param("Europe/London", "2026-03-29", "01:30", "2026-03-29T01:30", id="skipped: moves to 02:30 BST"),
        pytest.param("Europe/London", "2026-10-25", "01:30", "2026-10-25T00:30", id="twice: the first, in BST"),
        pytest.param("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30", id="skipped: 03:30 EDT"),
        pytest.param("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30", id="twice: the first, in EDT"),
        pytest.param("Asia/Kolkata", "2026-01-14", "00:15", "2026-01-13T18:45", id="half an hour"),
        pytest.param("Asia/Kathmandu", "2026-01-14", "12:00", "2026-01-14T06:15", id="three quarters"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45", id="half an hour skipped"),
        pytest.param("Pacific/Auckland", "2026-01-14", "06:00", "2026-01-13T17:00", id="yesterday in UTC"),
        pytest.param("Pacific/Honolulu", "2026-01-14", "20:00", "2026-01-15T06:00", id="tomorrow in UTC"),
    ],
)
def test_a_wall_time_is_one_instant(zone: str, day: str, wall: str, utc: str) -> None:
    leaves = instant(date.fromisoformat(day), time.fromisoformat(wall), zone)

    assert leaves == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_skipped_departure_shows_the_later_wall_time() -> None:
    leaves = instant(date(2026, 3, 29), time(1, 30), "Europe/London")

    assert wall_time(leaves.astimezone(ZoneInfo("Europe/London"))) == "2026-03-29T02:30:00"


def test_an_overnight_flight_arrives_the_next_local_day() -> None:
    flight = departure_on(date(2026, 12, 1), make_timetable("America/New_York", time(18, 30), 425))

    assert flight.departing_at == datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    assert wall_time(flight.arriving_at.astimezone(ZoneInfo("Europe/London"))) == "2026-12-02T06:35:00"


def test_the_block_time_holds_on_the_night_when_clocks_change() -> None:
    flight = departure_on(date(2026, 10, 24), make_timetable("America/New_York", time(19, 0), 420))

    assert (flight.arriving_at - flight.departing_at).total_seconds() == 420 * 60
    assert wall_time(flight.arriving_at.astimezone(ZoneInfo("Europe/London"))) == "2026-10-25T06:00:00"


def test_a_flight_over_the_date_line_arrives_before_it_left() -> None:
    flight = departure_on(date(2026, 1, 14), make_timetable("Pacific/Auckland", time(20, 0), 720))

    assert wall_time(flight.arriving_at.astimezone(ZoneInfo("America/Los_Angeles"))) == "2026-01-14T11:00:00"


def test_a_timetable_runs_on_its_weekdays_only() -> None:
    timetable = make_timetable("Europe/London", time(10, 30), weekdays="15")

    days = [departure.day for departure in expand(timetable, days_from(date(2026, 1, 5), 7))]

    assert days == [date(2026, 1, 5), date(2026, 1, 9)]  # a Monday and a Friday


def test_a_timetable_runs_while_it_is_valid() -> None:
    timetable = make_timetable("Europe/London", time(10, 30))

    days = [departure.day for departure in expand(timetable, days_from(date(2027, 12, 30), 5))]

    assert days == [date(2027, 12, 30), date(2027, 12, 31)]


ZONES = st.sampled_from(["Europe/London", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/St_Johns"])


@given(zone=ZONES, day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), wall=st.times().map(lambda t: t.replace(fold=0)))
def test_every_departure_is_within_an_hour_of_its_wall_time(zone: str, day: date, wall: time) -> None:
    shown = instant(day, wall, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    moved = (shown - datetime.combine(day, wall)).total_seconds()  # noqa: DTZ011  # two wall clocks
    assert moved in (0, 3600)
