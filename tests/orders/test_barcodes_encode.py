"""The encoder puts each value where Resolution 792 has it, and the decoder reads all of it back."""

import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.barcodes import BoardingPass, Details, Leg, Security, Unencodable, decode, encode
from orders.barcodes.fields import HEAD, LEG, ONCE, REPEATED, Field

ONE = Leg(
    reference="K7QW2M",
    origin="LHR",
    destination="JFK",
    carrier="AL",
    flight_number="0101",
    day_of_year="335",
    compartment="Y",
    seat="012A",
    sequence="0025",
    status="1",
)
PASS = BoardingPass(name="PASSENGER/TEST", legs=(ONE,), details=Details(document_type="I", issuer="AL"))


LETTERS, PRINTABLE = string.ascii_uppercase, string.digits + string.ascii_letters + string.punctuation + " "
DAY = st.integers(1, 366).map("{:03d}".format)
CARRIER = st.sampled_from(["AL", "U2", "9WX"])
LETTER = st.sampled_from(LETTERS)
SPECIAL = {
    "name": st.sampled_from(["A", "PASSENGER/TEST", "Mroz/Martin", "VAN DER BERGHE SMI/A"]),
    "indicator": st.sampled_from("EL"),
    "origin": st.sampled_from(["LHR", "CDG"]),
    "destination": st.text(LETTERS, min_size=3, max_size=3),
    "carrier": CARRIER,
    "flight_number": st.integers(0, 9999).map("{:04d}".format) | st.just("0101A"),
    "day_of_year": DAY,
    "compartment": LETTER,
    "seat": st.sampled_from(["012A", "INF"]),
    "sequence": st.sampled_from(["0025", "0025B"]),
    "issue_date": DAY.map("6{}".format),
    "document_type": LETTER,
    "issuer": CARRIER,
    "marketing_carrier": CARRIER,
    "ff_airline": CARRIER,
    "ff_number": st.sampled_from(["AL1234 5678", "X" * 16]),
    "fast_track": st.sampled_from("YN"),
}


def value(field: Field) -> st.SearchStrategy[str]:
    word = st.text(LETTERS + string.digits, min_size=1, max_size=field.width)
    filled = SPECIAL.get(field.name, word)
    return filled if field.required else st.just("") | filled


def values(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({field.name: value(field) for field in fields})


USE = st.text(PRINTABLE, max_size=99).map(lambda text: text.rstrip(" "))
LEGS = st.builds(lambda leg, rest, use: Leg(**leg, **rest, airline_use=use), values(LEG), values(REPEATED), USE)
DETAILS = st.builds(lambda once, version: Details(**once, version=version), values(ONCE), st.sampled_from("12345678"))
SECURITY = st.builds(Security, type=st.sampled_from("1^Z"), data=st.text(PRINTABLE, max_size=255))
PASSES = st.builds(
    lambda head, **parts: BoardingPass(**head, **parts),
    values(HEAD),
    legs=st.lists(LEGS, min_size=1, max_size=4).map(tuple),
    details=DETAILS,
    security=st.none() | SECURITY,
)


# Four legs of twenty fields are many draws: slow to make on a busy machine, not wrong.
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PASSES)
def test_whatever_is_written_is_read_back(boarding_pass: BoardingPass) -> None:
    assert decode(encode(boarding_pass)) == boarding_pass


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0, 2, "M1"),
        (2, 22, "PASSENGER/TEST      "),
        (22, 23, "E"),
        (23, 30, "K7QW2M "),
        (30, 33, "LHR"),
        (33, 36, "JFK"),
        (36, 39, "AL "),
        (39, 44, "0101 "),
        (44, 47, "335"),
        (47, 48, "Y"),
        (48, 52, "012A"),
        (52, 57, "0025 "),
        (57, 58, "1"),
        (58, 60, "11"),
        (60, 64, ">60B"),
        (64, 75, "       IAL "),
        (75, None, "00"),
    ],
)
def test_each_field_stands_at_its_offset(start: int, end: int | None, text: str) -> None:
    assert encode(PASS)[start:end] == text


def test_each_further_leg_adds_thirty_seven_characters() -> None:
    four = encode(replace(PASS, legs=(ONE,) * 4))

    assert len(four) - len(encode(PASS)) == 3 * 37
    assert four[1] == "4"


@pytest.mark.parametrize(
    "change",
    [
        {"legs": ()},
        {"legs": (ONE,) * 5},
        {"name": "PASSENGER/" + "T" * 11},
        {"name": ""},
        {"name": "ÉMILE"},
        {"legs": (replace(ONE, day_of_year="367"),)},
        {"legs": (replace(ONE, seat="12A"),)},
        {"legs": (replace(ONE, flight_number="٠١٠١"),)},
        {"legs": (replace(ONE, airline_use="X" * 250),)},
        {"legs": (replace(ONE, airline_use="X" * 256),)},
        {"legs": (replace(ONE, airline_numeric="125"),), "details": None},
        {"details": Details(version="9")},
        {"security": Security(type="")},
        {"security": Security(data="X" * 256)},
    ],
)
def test_what_has_no_place_in_a_barcode_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Unencodable):
        encode(replace(PASS, **change))


def test_the_refusal_names_the_field_and_not_its_value() -> None:
    with pytest.raises(Unencodable, match="^name does not fit its field$"):
        encode(replace(PASS, name="ÉMILE/ZOLA"))
