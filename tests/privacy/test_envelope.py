"""Envelopes: they open here and nowhere else, and never give anything but what was sealed."""

import random

import pytest

from altis.privacy.envelope import Tampered, new_key, open_sealed, place, seal

KEY = b"k" * 32
HERE = place("passenger", "given_name", "pax_1", "usr_1")


@pytest.mark.parametrize("text", ["", "A", "Ærøskøbing", "名前" * 500, "line\nbreak"])
def test_sealed_text_opens(text: str) -> None:
    envelope = seal(text, KEY, HERE)

    assert open_sealed(envelope, KEY, HERE) == text
    assert envelope.startswith("v1|")
    assert envelope.isascii()


@pytest.mark.parametrize(
    "elsewhere",
    [
        place("contact", "given_name", "pax_1", "usr_1"),
        place("passenger", "family_name", "pax_1", "usr_1"),
        place("passenger", "given_name", "pax_2", "usr_1"),
        place("passenger", "given_name", "pax_1", "usr_2"),
    ],
)
def test_moved_envelope_stays_closed(elsewhere: bytes) -> None:
    envelope = seal("CANARY", KEY, HERE)

    with pytest.raises(Tampered):
        open_sealed(envelope, KEY, elsewhere)


def test_another_key_does_not_open() -> None:
    envelope = seal("CANARY", KEY, HERE)

    with pytest.raises(Tampered):
        open_sealed(envelope, new_key(), HERE)


def test_thousand_bit_flips_and_cuts_never_give_text() -> None:
    rng, envelope = random.Random(8), seal("CANARY PASSENGER", KEY, HERE)

    for _ in range(1000):
        damaged = bytearray(envelope.encode())
        if rng.random() < 0.7:
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        else:
            del damaged[rng.randrange(len(damaged)) :]
        with pytest.raises(Tampered):
            open_sealed(damaged.decode("latin-1"), KEY, HERE)


@pytest.mark.parametrize("length", range(6))
def test_only_one_spelling_opens(length: int) -> None:
    envelope = seal("x" * length, KEY, HERE)

    # The last character may carry bits that decoding ignores; foreign characters are skipped by lax decoders.
    for other in {envelope[:-1] + c for c in "ABCDwxyz-_"} | {
        envelope + "=",
        envelope + "\n",
        envelope[:9] + " " + envelope[9:],
    }:
        if other != envelope:
            with pytest.raises(Tampered):
                open_sealed(other, KEY, HERE)


@pytest.mark.parametrize("text", ["", "v1|", "v2|AAAA", "plain text", "v1|é", "v1|AAAA"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(Tampered):
        open_sealed(text, KEY, HERE)


def test_no_nonce_comes_twice() -> None:
    nonces = {seal("x", KEY, HERE)[3:19] for _ in range(10_000)}

    assert len(nonces) == 10_000


def test_places_with_separators_inside_stay_distinct() -> None:
    assert (
        len({place("a|b", "c"), place("a", "b|c"), place("a", "b", "c"), place("a\\", "b|c"), place("a\\|b", "c")}) == 5
    )
