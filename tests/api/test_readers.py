"""One instance of a serializer reads every request: what one thread reads is never another's."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from altis.api.serializers import StrictIntegerField, StrictSerializer, _reader, list_of, read, read_query
from altis.shared.errors import Invalid


class Part(StrictSerializer):
    size = StrictIntegerField()


class Whole(StrictSerializer):
    count = StrictIntegerField(default=1)
    parts = list_of(Part, max_length=3, required=False)


def _read(data: dict[str, Any]) -> dict[str, Any]:
    request: Any = SimpleNamespace(data=data)
    return read(Whole, request)


def _outcome(number: int) -> object:
    if number % 2:
        return _read({"count": number, "parts": [{"size": number}]})
    try:
        return _read({"count": str(number), "parts": [{f"x{number}": 1}]})
    except Invalid as refusal:
        return [fault.pointer for fault in refusal.faults]


def test_fields_are_made_once() -> None:
    _read({"count": 1})
    reader = _reader(Whole, from_query=False)
    made = dict(reader.fields)

    _read({"count": 2, "parts": [{"size": 1}]})

    assert _reader(Whole, from_query=False) is reader
    assert all(reader.fields[name] is field for name, field in made.items())


def test_nothing_of_one_request_is_in_the_next() -> None:
    first = _read({"count": 7, "parts": [{"size": 1}]})
    first["parts"].append("changed")

    assert _read({}) == {"count": 1}
    assert _read({"parts": [{"size": 2}]}) == {"count": 1, "parts": [{"size": 2}]}


def test_threads_that_read_at_once_get_their_own() -> None:
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(_outcome, range(400)))

    for number, outcome in enumerate(outcomes):
        good = {"count": number, "parts": [{"size": number}]}
        assert outcome == (good if number % 2 else ["/count", "/parts/0/size", f"/parts/0/x{number}"])


def test_a_number_as_text_is_for_queries_alone() -> None:
    query: Any = SimpleNamespace(query_params=QueryDict("count=5"))

    assert read_query(Whole, query) == {"count": 5}
    with pytest.raises(Invalid):
        _read({"count": "5"})
