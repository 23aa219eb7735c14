"""Any name becomes one that a barcode can hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.barcodes import barcode_name
from orders.barcodes.names import transliterate

NAME = re.compile(r"[A-Z](?:[A-Z ]*[A-Z])?(?:/[A-Z](?:[A-Z ]*[A-Z])?)?")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Passenger", "PASSENGER"),
        ("Müller-Lüdenscheidt", "MUELLER LUEDENSCHEIDT"),
        ("Mu\u0308ller", "MUELLER"),  # the same umlaut as two characters
        ("Strauß", "STRAUSS"),
        ("Åse Ærø", "AASE AEROE"),
        ("Łukasz Źdźbło", "LUKASZ ZDZBLO"),
        ("Þór Guðrún", "THOR GUDRUN"),
        ("Nguyễn", "NGUYEN"),
        ("O'Brien", "OBRIEN"),
        ("D\u2019Angelo", "DANGELO"),
        ("Ибрагимова Юлия", "IBRAGIMOVA IULIIA"),
        ("Щукарь", "SHCHUKAR"),
        ("Παπαδόπουλος", "PAPADOPOULOS"),
        ("İnönü", "INOENUE"),
        ("José  María\t2nd.", "JOSE MARIA ND"),
        ("Smith/Jones", "SMITH JONES"),
        ("王", ""),
        ("123 -", ""),
    ],
)
def test_letters_are_transliterated_and_the_rest_is_dropped(name: str, letters: str) -> None:
    assert transliterate(name) == letters


@pytest.mark.parametrize(
    ("family", "given_name", "printed"),
    [
        ("Passenger", "Test", "PASSENGER/TEST"),
        ("Featherstonehaugh", "Elizabeth", "FEATHERSTONEHAUGH/EL"),
        ("Wolfeschlegelsteinhausen", "Hubert", "WOLFESCHLEGELSTEIN/H"),
        ("Wolfeschlegelsteinhausen", "", "WOLFESCHLEGELSTEINHA"),
        ("van der Berghe Smith Jones", "Al", "VAN DER BERGHE SMI/A"),
        ("de la Cruz y Garcia Lopez", "Bo", "DE LA CRUZ Y GARCI/B"),
        ("Abcdefghijklmnopq Rs", "Bo", "ABCDEFGHIJKLMNOPQ/BO"),
        ("Berg", "Anna Maria Helen Sofia", "BERG/ANNA MARIA HELE"),
        ("Bergmann", "Anna Maria X Sofia", "BERGMANN/ANNA MARIA"),
        ("王", "Wei", "WEI"),
        ("Wang", "伟", "WANG"),
        ("王", "伟", "PASSENGER"),
        ("", "", "PASSENGER"),
    ],
)
def test_names_are_cut_to_twenty_and_keep_slash_and_given_name(family: str, given_name: str, printed: str) -> None:
    assert barcode_name(family_name=family, given_name=given_name) == printed


@given(st.text(max_size=40), st.text(max_size=40))
def test_every_name_gives_a_printable_one(family: str, given_name: str) -> None:
    printed = barcode_name(family_name=family, given_name=given_name)

    assert len(printed) <= 20
    assert NAME.fullmatch(printed)


@given(st.from_regex(r"[A-Z]{1,60}", fullmatch=True), st.from_regex(r"[A-Z]{1,60}", fullmatch=True))
def test_a_given_name_always_keeps_a_letter_after_the_slash(family: str, given_name: str) -> None:
    surname, _, first = barcode_name(family_name=family, given_name=given_name).partition("/")

    assert surname == family[:18]
    assert first == given_name[: 19 - len(surname)]
    assert first
