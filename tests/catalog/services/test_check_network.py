"""Airports and timetables that no flight can be made of are told so, column by column."""

from datetime import date
from typing import Any

import pytest

from catalog.services.check_network import faults_of_airport, faults_of_schedule

AIRPORT = {"code": "LHR", "country": "GB", "time_zone": "Europe/London"}
SCHEDULE = {
    "carrier": "AL",
    "flight_number": "100",
    "origin": "LHR",
    "destination": "JFK",
    "weekdays": "1357",
    "block_minutes": 480,
    "valid_from": date(2026, 1, 1),
    "valid_to": date(2026, 1, 1),
}


def test_what_flights_can_be_made_of_has_no_faults() -> None:
    assert (faults_of_airport(AIRPORT), faults_of_schedule(SCHEDULE)) == ({}, {})
    assert (faults_of_airport({}), faults_of_schedule({})) == ({}, {})


@pytest.mark.parametrize(
    ("column", "value"),
    [("code", "lhr"), ("country", "GBR"), ("time_zone", "Europe/Lodnon"), ("time_zone", "../../etc/passwd")],
)
def test_a_wrong_airport_is_named_by_its_column(column: str, value: str) -> None:
    assert list(faults_of_airport({**AIRPORT, column: value})) == [column]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("carrier", "al"),
        ("flight_number", "0100"),
        ("destination", "LHR"),
        ("weekdays", "1128"),
        ("weekdays", "11"),
        ("weekdays", "0"),
        ("block_minutes", 0),
        ("block_minutes", 1441),
        ("valid_to", date(2025, 12, 31)),
    ],
)
def test_a_wrong_timetable_is_named_by_its_column(column: str, value: Any) -> None:
    assert list(faults_of_schedule({**SCHEDULE, column: value})) == [column]
