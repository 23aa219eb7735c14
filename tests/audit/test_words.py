"""The audit in words that people read."""

import json
from typing import Any

import pytest

from altis.audit import words
from altis.audit.models import Entry, Source


def test_tables_are_called_what_people_call_their_rows() -> None:
    assert [words.kind_of(name) for name in ("catalog_bundleitem", "accounts_user", "no_such_table")] == [
        "bundle item",
        "user",
        "no such table",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        ("", "–"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("x", "x"),
        ({"b": 1, "a": "é"}, '{"a": "é", "b": 1}'),
    ],
)
def test_a_value_is_shown_as_it_is_read(value: Any, said: str) -> None:
    assert words.shown(value) == said


def test_differences_are_told_column_by_column() -> None:
    told = list(
        words.differences({"base_price_minor": 3500, "name": "Bag"}, {"base_price_minor": 4000, "name": "Big bag"})
    )

    assert told == [("base price, minor units", "3500", "4000"), ("name", "Bag", "Big bag")]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"a": 1}, {"a": 2}, "a: 1 → 2"),
        (dict.fromkeys("abcde", 1), dict.fromkeys("abcde", 2), "a: 1 → 2; b: 1 → 2; c: 1 → 2 and 2 more"),
        (None, {"a": 1, "b": 2}, "2 values"),
        (None, None, ""),
    ],
)
def test_a_line_tells_the_first_few(before: Any, after: Any, line: str) -> None:
    assert words.in_a_line(before, after) == line


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (json.dumps([{"added": {}}]), "Added."),
        (json.dumps([{"changed": {"fields": ["Name", "Currency"]}}]), "Changed: Name, Currency."),
        (
            json.dumps([{"changed": {"name": "fare", "object": "economy", "fields": ["Base"]}}, {"deleted": {}}]),
            "Changed fare “economy”: Base. Deleted.",
        ),
        ("Tried again", "Tried again"),
        ("[not JSON", "[not JSON"),
        ("[1, {}]", ""),
        ("", ""),
    ],
)
def test_a_note_of_a_page_becomes_a_sentence(note: str, said: str) -> None:
    assert words.note_in_words(note) == said


def test_the_reason_of_a_reveal_stays_sealed() -> None:
    assert words.why(Entry(source=Source.REVEAL, reason="")) == "sealed, see Reveals"
    assert words.why(Entry(source=Source.CHANGE, reason="new_price")) == "new_price"


def test_a_reason_is_spoken_as_words() -> None:
    assert (words.spoken("new_price"), words.spoken("Tried again_"), words.spoken("")) == (
        "new price",
        "Tried again_",
        "",
    )
