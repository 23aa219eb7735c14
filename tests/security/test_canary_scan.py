"""The search for canaries finds them in every disguise, and nothing else."""

import base64
import random
from urllib.parse import quote

import orjson
import pytest

from bench.canaries.people import MARK, birthday, cards, disguised, person
from bench.canaries.scan import Scanner

ADA = person(3)
CARDS = cards(50)


@pytest.fixture
def scanner() -> Scanner:
    return Scanner(people=200, cards=CARDS)


def _kinds(scanner: Scanner, text: str, *, unpack: bool = False) -> set[str]:
    return {hit.kind for hit in scanner.scan(text, unpack=unpack)}


@pytest.mark.parametrize(
    "text",
    [
        f"for {ADA.given_name} and others",
        ADA.family_name.upper()[:20],  # as on a boarding pass
        ADA.email[::-1],
        ADA.email.encode().hex(),
        quote(ADA.email),
        "".join(f"%{ord(each):02X}" for each in ADA.given_name),
        "".join(f"\\u{ord(each):04x}" for each in ADA.given_name),
        ADA.given_name.encode("utf-16-le").decode("latin-1"),
        *(base64.b64encode(b"x" * shift + ADA.family_name.encode()).decode() for shift in range(6)),
        *(base64.b64encode(b"x" * shift + ADA.email.encode()).decode() for shift in range(3)),
    ],
)
def test_a_name_or_an_address_is_found_in_every_disguise(scanner: Scanner, text: str) -> None:
    assert _kinds(scanner, text) == {"person"}


@pytest.mark.parametrize(
    "text",
    [
        ADA.phone,
        ADA.phone[1:],
        "0" + ADA.phone[3:],
        "+44 7700 900 003",
        "(0)7700-900003",
        ADA.phone[::-1],
        "=7700900003;",
    ],
)
def test_a_telephone_number_is_found_however_it_is_written(scanner: Scanner, text: str) -> None:
    assert _kinds(scanner, f"call {text} now") == {"phone"}


@pytest.mark.parametrize("text", [birthday(3), birthday(3).replace("-", ""), birthday(3).replace("-", "/")])
def test_a_birthday_is_found(scanner: Scanner, text: str) -> None:
    assert _kinds(scanner, f'"{text}"') == {"birthday"}


@pytest.mark.parametrize("number", range(50))
def test_a_card_number_is_found_in_every_disguise(scanner: Scanner, number: int) -> None:
    written = [disguised(CARDS[number], form) for form in range(6)]

    assert all("card" in _kinds(scanner, f"x {each} y") for each in written)
    assert "card" in _kinds(scanner, f"id9{CARDS[number]}7")


def test_a_card_number_that_was_not_sent_is_found_when_it_stands_alone(scanner: Scanner) -> None:
    assert _kinds(scanner, "pan 4242424242424242.") == {"card-like"}


def test_what_is_packed_is_unpacked(scanner: Scanner) -> None:
    body = base64.b64encode(orjson.dumps([[ADA.phone, ADA.born_on]])).decode()

    assert _kinds(scanner, body) == set()
    assert _kinds(scanner, body, unpack=True) == {"phone", "birthday"}


def test_a_token_is_found(scanner: Scanner) -> None:
    assert _kinds(scanner, "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3IifQ.sig") == {"token"}


def test_ciphertexts_ids_and_clocks_are_not_taken_for_canaries(scanner: Scanner) -> None:
    rng = random.Random(1)
    ciphertext = " ".join(base64.b64encode(rng.randbytes(90)).decode() for _ in range(3_000))
    digests = " ".join(rng.randbytes(32).hex() for _ in range(3_000))
    clocks = " ".join(f"{1_763_841_234 + rng.random():.6f} {1_763_841_234_000_000 + number}" for number in range(3_000))
    dates = "2026-11-22T20:09:01.123456Z 0.0024999999999999996 1930-12-31 1990-12-10"

    assert scanner.scan(f"{ciphertext}\n{digests}\n{clocks}\n{dates}", unpack=True) == []


def test_no_two_people_share_anything() -> None:
    people = [person(number) for number in range(200)]

    for name in ("given_name", "family_name", "email", "phone", "born_on", "password"):
        assert len({getattr(each, name) for each in people}) == 200
    assert all(MARK.lower() in each.email for each in people)
    assert len(set(CARDS)) == 50
