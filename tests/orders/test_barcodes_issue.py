"""What stands in the barcodes of an adult, a child and an infant at purchase."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from orders.barcodes import BoardingPass, FlightLeg, Unencodable, boarding_payloads, decode, split_legs

ROUTE: dict[str, Any] = {"carrier": "AL", "flight_number": "100", "origin": "LHR", "destination": "JFK"}
OUT = FlightLeg(**ROUTE, departs_on=date(2026, 12, 1), cabin="economy")
PASSENGER: dict[str, Any] = {"family_name": "Passenger", "given_name": "Test", "reference": "K7QW2M", "issuer": "AL"}
PASSENGER |= {"passenger_type": "adult", "issued_on": date(2026, 11, 22), "legs": [OUT]}


def payloads(**changes: Any) -> list[str]:
    return boarding_payloads(**(PASSENGER | changes))


def only(**changes: Any) -> BoardingPass:
    (payload,) = payloads(**changes)
    return decode(payload)


def test_an_adults_receipt_is_this_text() -> None:
    assert payloads() == ["M1PASSENGER/TEST      EK7QW2M LHRJFKAL 0100 335Y         011>60B0  6326IAL 00"]


@pytest.mark.parametrize(
    ("passenger_type", "description", "seat"), [("adult", "0", "012A"), ("child", "3", "012A"), ("infant", "4", "INF")]
)
def test_the_passenger_type_is_told_and_an_infant_has_no_seat(passenger_type: str, description: str, seat: str) -> None:
    read = only(passenger_type=passenger_type, legs=[replace(OUT, seat="12A")])

    assert read.details is not None
    assert read.details.passenger_description == description
    assert read.legs[0].seat == seat


@pytest.mark.parametrize(
    ("cabin", "compartment"), [("economy", "Y"), ("premium_economy", "W"), ("business", "J"), ("first", "F")]
)
def test_the_cabin_is_told_as_compartment(cabin: str, compartment: str) -> None:
    assert only(legs=[replace(OUT, cabin=cabin)]).legs[0].compartment == compartment


@pytest.mark.parametrize(
    ("day", "told"), [(date(2027, 1, 1), "001"), (date(2028, 2, 29), "060"), (date(2028, 12, 31), "366")]
)
def test_the_date_is_the_day_of_the_year_of_local_departure(day: date, told: str) -> None:
    assert only(legs=[replace(OUT, departs_on=day)]).legs[0].day_of_year == told


@pytest.mark.parametrize(("number", "groups"), [(0, []), (1, [1]), (4, [4]), (5, [4, 1]), (8, [4, 4]), (9, [4, 4, 1])])
def test_legs_are_grouped_by_four_in_order(number: int, groups: list[int]) -> None:
    split = split_legs(range(number))

    assert [len(group) for group in split] == groups
    assert [leg for group in split for leg in group] == list(range(number))


def test_a_trip_of_six_legs_has_two_documents_in_order_of_travel() -> None:
    flights = [replace(OUT, flight_number=str(number)) for number in range(101, 107)]

    read = [decode(payload) for payload in payloads(legs=flights)]

    numbers = [[leg.flight_number for leg in document.legs] for document in read]
    assert numbers == [["0101", "0102", "0103", "0104"], ["0105", "0106"]]
    assert all(document.details and document.details.document_type == "I" for document in read)


def test_a_boarding_pass_after_check_in_tells_sequence_and_status() -> None:
    read = only(document_type="B", legs=[replace(OUT, seat="1C", sequence=25, status="1")])

    assert read.details is not None
    assert read.details.document_type == "B"
    assert (read.legs[0].seat, read.legs[0].sequence, read.legs[0].status) == ("001C", "0025", "1")


@pytest.mark.parametrize("change", [{"flight_number": "12345"}, {"flight_number": "AL1"}, {"seat": "A12"}])
def test_a_flight_or_seat_that_has_no_place_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Unencodable):
        payloads(legs=[replace(OUT, **change)])
