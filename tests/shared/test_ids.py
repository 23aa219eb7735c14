"""Identifiers: sortable by time, typed by prefix, strict to recognise."""

import time

import pytest

from altis.shared.ids import REFERENCE_ALPHABET, REFERENCE_LENGTH, derived_id, is_id, new_id, new_reference

LOOK_ALIKES = ("0O", "1IL", "2Z", "5S", "8B")


def test_a_new_id_has_its_prefix_and_is_recognised() -> None:
    made = new_id("ord")

    assert (made[:4], len(made)) == ("ord_", 30)
    assert is_id("ord", made)
    assert not is_id("off", made)


def test_later_ids_sort_after_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for second in (1, 2, 1_000, 2_000_000_000):
        monkeypatch.setattr(time, "time_ns", lambda second=second: second * 1_000_000_000)
        made.append(new_id("ord"))

    assert made == sorted(made)


def test_ids_of_one_instant_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_800_000_000_000_000_000)

    assert len({new_id("ord") for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ord_",
        "ord",
        "01jd5y8t3m4n6p7q9r0s2v4w6x",
        "ORD_01jd5y8t3m4n6p7q9r0s2v4w6x",
        "ord_01JD5Y8T3M4N6P7Q9R0S2V4W6X",
        "ord_01jd5y8t3m4n6p7q9r0s2v4w6",
        "ord_01jd5y8t3m4n6p7q9r0s2v4w6xx",
        "ord_01jd5y8t3m4n6p7q9r0s2v4w6x\n",
        "ord_81jd5y8t3m4n6p7q9r0s2v4w6x",
        "ord_01jd5y8t3m4n6p7q9r0s2v4wil",
        "ord_01jd5y8t3m4n6p7q9r0s2v4wuo",
        "ord_٠1jd5y8t3m4n6p7q9r0s2v4w6x",
    ],
)
def test_what_only_looks_like_an_id_is_none(text: str) -> None:
    assert not is_id("ord", text)


def test_the_same_parts_always_give_the_same_id() -> None:
    made = derived_id("flt", 1_796_000_000_000, "AL", "100", "2026-12-01")

    assert made == "flt_01m8mz2a00pn6fenwjnexn6gs4"
    assert is_id("flt", made)
    assert derived_id("flt", 1_796_000_000_000, "AL1", "00", "2026-12-01") != made
    assert derived_id("flt", 1_796_000_000_001, "AL", "100", "2026-12-01") > made


def test_the_reference_alphabet_has_one_of_each_look_alike_at_most() -> None:
    assert len(set(REFERENCE_ALPHABET)) == len(REFERENCE_ALPHABET) == 26
    assert [sum(letter in REFERENCE_ALPHABET for letter in group) <= 1 for group in LOOK_ALIKES] == [True] * 5


def test_references_are_six_characters_of_the_alphabet() -> None:
    drawn = [new_reference() for _ in range(500)]

    assert {len(reference) for reference in drawn} == {REFERENCE_LENGTH} == {6}
    assert set("".join(drawn)) == set(REFERENCE_ALPHABET)
