"""Fields: each takes a value in its own JSON type only, and names what is wrong by a pointer."""

from typing import Any

import orjson
import pytest

from tests.api.callers import Caller, assert_problem

ID = "prd_01kb3v5w8rj2m4n6p7q9s0t1v2"
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown field": ({"name": "a", "admin": True}, "/admin", "unknown_field"),
    "unknown field, inside": ({"name": "a", "parts": [{"origin": "LHR", "x": 1}]}, "/parts/0/x", "unknown_field"),
    "a name with a slash": ({"name": "a", "x/y~z": 1}, "/x~1y~0z", "unknown_field"),
    "null": ({"name": None}, "/name", "invalid_type"),
    "number for string": ({"name": 1}, "/name", "invalid_type"),
    "true for string": ({"name": True}, "/name", "invalid_type"),
    "list for string": ({"name": ["a"]}, "/name", "invalid_type"),
    "empty": ({"name": ""}, "/name", "too_short"),
    "blank": ({"name": " \u2003 "}, "/name", "too_short"),
    "too long": ({"name": "a" * 11}, "/name", "too_long"),
    "control character": ({"name": "a\nb"}, "/name", "invalid_characters"),
    "string for integer": ({"name": "a", "count": "1"}, "/count", "invalid_type"),
    "float for integer": ({"name": "a", "count": 1.0}, "/count", "invalid_type"),
    "true for integer": ({"name": "a", "count": True}, "/count", "invalid_type"),
    "too small": ({"name": "a", "count": 0}, "/count", "out_of_range"),
    "huge": ({"name": "a", "count": 2**63 - 1}, "/count", "out_of_range"),
    "string for boolean": ({"name": "a", "flag": "true"}, "/flag", "invalid_type"),
    "integer for boolean": ({"name": "a", "flag": 1}, "/flag", "invalid_type"),
    "not a choice": ({"name": "a", "kind": "Adult"}, "/kind", "not_one_of"),
    "no string for a choice": ({"name": "a", "kind": {}}, "/kind", "invalid_type"),
    "another prefix": ({"name": "a", "product_id": "off" + ID[3:]}, "/product_id", "invalid_id"),
    "a long id": ({"name": "a", "product_id": "prd_" + "a" * 99}, "/product_id", "invalid_id"),
    "naive instant": ({"name": "a", "at": "2026-12-01T10:00:00"}, "/at", "invalid_instant"),
    "impossible instant": ({"name": "a", "at": "2026-12-01T25:00:00Z"}, "/at", "invalid_instant"),
    "no instant": ({"name": "a", "at": 0}, "/at", "invalid_type"),
    "too many tags": ({"name": "a", "tags": ["a", "b", "c"]}, "/tags", "too_long"),
    "no list": ({"name": "a", "tags": "ab"}, "/tags", "invalid_type"),
    "wrong tag": ({"name": "a", "tags": ["a", 2]}, "/tags/1", "invalid_type"),
    "no object": ({"name": "a", "parts": ["LHR"]}, "/parts/0", "invalid_type"),
    "too many parts": ({"name": "a", "parts": [{"origin": "LHR"}] * 3}, "/parts", "too_long"),
    "too short, inside": (
        {"name": "a", "parts": [{"origin": "LHR"}, {"origin": "LH"}]},
        "/parts/1/origin",
        "too_short",
    ),
    "no date": ({"name": "a", "parts": [{"origin": "LHR", "day": "1.12.2026"}]}, "/parts/0/day", "invalid_date"),
    "impossible date": (
        {"name": "a", "parts": [{"origin": "LHR", "day": "2026-02-30"}]},
        "/parts/0/day",
        "invalid_date",
    ),
    "Arabic digits": ({"name": "a", "parts": [{"origin": "LHR", "day": "٢٠٢٦-12-01"}]}, "/parts/0/day", "invalid_date"),
    "far date": ({"name": "a", "parts": [{"origin": "LHR", "day": "9999-12-31"}]}, "/parts/0/day", "out_of_range"),
    "number for date": ({"name": "a", "parts": [{"origin": "LHR", "day": 20261201}]}, "/parts/0/day", "invalid_type"),
}


@pytest.mark.parametrize(("body", "pointer", "code"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_value_is_named(guest: Caller, body: dict[str, Any], pointer: str, code: str) -> None:
    reply = guest.post("/v1/echo", orjson.dumps(body))

    document = assert_problem(reply, 422, code)
    assert [(fault["pointer"], fault["code"]) for fault in document["errors"]] == [(pointer, code)]


def test_faults_that_disagree_make_validation_failed(guest: Caller) -> None:
    reply = guest.post("/v1/echo", b'{"count": "1", "x": 1}')

    document = assert_problem(reply, 422, "validation_failed")
    assert [(fault["pointer"], fault["code"]) for fault in document["errors"]] == [
        ("/name", "required"),
        ("/count", "invalid_type"),
        ("/x", "unknown_field"),
    ]


def test_a_refusal_does_not_repeat_values_and_stays_small(guest: Caller) -> None:
    body = {"name": "4111111111111111", **{f"{number}" * 300: 1 for number in range(50)}}

    reply = guest.post("/v1/echo", orjson.dumps(body))

    assert b"4111111111111111" not in reply.content
    assert len(reply.content) < 8000


def test_every_right_value_is_taken(guest: Caller) -> None:
    part = {"origin": "LHR", "day": "2026-12-01"}
    body = {"name": "Zoë 😀", "count": 9, "flag": False, "kind": "child", "product_id": ID, "parts": [part]}

    reply = guest.post("/v1/echo", orjson.dumps({**body, "at": "2026-12-01T10:00:00.5+01:00", "tags": []}))

    assert reply.json() == {"names": sorted([*body, "at", "tags"])}


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("limit=0", "/limit", "out_of_range"),
        ("limit=201", "/limit", "out_of_range"),
        ("limit=", "/limit", "invalid_type"),
        ("limit=1.0", "/limit", "invalid_type"),
        ("limit=abc", "/limit", "invalid_type"),
        ("limit=%D9%A1", "/limit", "invalid_type"),
        ("limit=" + "9" * 400, "/limit", "invalid_type"),
        ("limit=1&limit=2", "/limit", "repeated_parameter"),
        ("colour=red", "/colour", "unknown_field"),
        ("after=x", "/after", "invalid_cursor"),
        ("after=" + "x" * 600, "/after", "too_long"),
    ],
)
@pytest.mark.django_db
def test_a_wrong_query_is_named(anyone: Caller, query: str, pointer: str, code: str) -> None:
    document = assert_problem(anyone.get(f"/v1/events?{query}"), 422, code)

    assert [fault["pointer"] for fault in document["errors"]] == [pointer]
