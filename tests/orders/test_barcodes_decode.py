"""The decoder refuses whatever is not exactly a BCBP, and names the field, never its value."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from altis.shared.errors import Invalid
from orders.barcodes import Details, InvalidBarcode, Security, decode

BARE = "M1PASSENGER/TEST      EK7QW2M LHRJFKAL 0101 335Y012A     000"
UNSIGNED = "M1PASSENGER/TEST      EK7QW2M LHRJFKAL 0101 335Y012A     022>60B0  6326IAL 0D1251234567890LX 8"
SIGNED = UNSIGNED + "^104A B "


def refusal(text: str) -> str:
    with pytest.raises(InvalidBarcode) as refused:
        decode(text)
    return refused.value.detail


def with_text(at: int, text: str) -> str:
    return SIGNED[:at] + text + SIGNED[at + len(text) :]


def test_a_barcode_without_conditional_fields_has_sixty_characters() -> None:
    read = decode(BARE)

    assert len(BARE) == 60
    assert (read.legs[0].seat, read.legs[0].sequence, read.legs[0].status) == ("012A", "", "0")
    assert (read.details, read.security) == (None, None)


def test_conditional_fields_and_security_are_read() -> None:
    read = decode(SIGNED)

    assert read.details == Details(passenger_description="0", issue_date="6326", document_type="I", issuer="AL")
    assert (read.legs[0].airline_numeric, read.legs[0].document_number) == ("125", "1234567890")
    assert read.legs[0].airline_use == "LX 8"
    assert read.security == Security(type="1", data="A B ")


def test_a_cut_barcode_is_refused_wherever_it_is_cut() -> None:
    readable = []
    for length in range(len(SIGNED)):
        try:
            decode(SIGNED[:length])
        except InvalidBarcode:
            continue
        readable.append(length)

    assert readable == [len(UNSIGNED)]  # without its signature it is whole, and says that it has none


@pytest.mark.parametrize("tail", ["+", " ", "^", "M1", "\n"])
def test_trailing_text_is_refused(tail: str) -> None:
    refusal(SIGNED + tail)
    refusal(BARE + tail)


@pytest.mark.parametrize("at", [58, 62, 75, 96])
@pytest.mark.parametrize("size", ["GG", "0x", "-1", "+1", " 1", "1 ", "2b", "FF"])
def test_a_size_that_is_not_two_hexadecimal_digits_or_too_large_is_refused(at: int, size: str) -> None:
    assert decode(SIGNED)

    refusal(with_text(at, size))


@pytest.mark.parametrize(
    ("at", "text", "detail"),
    [
        (0, "S", "The format is not M."),
        (1, "0", "The number of legs is not 1 to 4."),
        (1, "5", "The number of legs is not 1 to 4."),
        (2, " ", "Not a value of its field: name."),
        (22, "X", "Not a value of its field: indicator."),
        (23, "k", "Not a value of its field: reference."),
        (30, "L1R", "Not a value of its field: origin."),
        (33, "   ", "Not a value of its field: destination."),
        (39, "101  ", "Not a value of its field: flight_number."),
        (44, "000", "Not a value of its field: day_of_year."),
        (44, "367", "Not a value of its field: day_of_year."),
        (48, "12A ", "Not a value of its field: seat."),
        (60, "<", "The version's mark is missing."),
        (61, "9", "Not a value of its field: version."),
        (62, "0A", "The text ends within: issuer."),
    ],
)
def test_a_value_that_its_field_may_not_hold_is_refused_by_name(at: int, text: str, detail: str) -> None:
    said = refusal(with_text(at, text))

    assert said == detail


def test_a_section_that_is_longer_than_its_fields_is_refused() -> None:
    legs = "M2PASSENGER/TEST      E" + BARE[23:] + BARE[23:-2]

    assert decode(legs + "2C2A" + " " * 42).legs[1].airline_numeric == ""
    assert refusal(legs + "2D2B" + " " * 43) == "Longer than its fields: conditional fields."


@given(st.integers(0, len(SIGNED) - 1), st.sampled_from("ç\u00a0\x00\n\t\x7fА"))
def test_a_character_outside_printable_ascii_is_refused_anywhere(at: int, character: str) -> None:
    assert refusal(with_text(at, character)) == "A barcode is printable ASCII."


@given(st.text(max_size=120) | st.text(string.printable, max_size=80).map(BARE.__add__))
def test_any_other_text_is_refused_with_the_named_error_alone(text: str) -> None:
    assume(text != BARE and not text.startswith(BARE + "^"))  # a signature may follow

    with pytest.raises(Invalid) as refused:
        decode(text)

    assert refused.value.code == "invalid_barcode"
