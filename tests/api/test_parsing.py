"""Bodies: what is no strict JSON object is 400, and nothing takes long."""

import time

import pytest
from django.test import override_settings

from altis.api.parsing import MAX_DEPTH, strict_object
from altis.shared.errors import Malformed
from tests.api.callers import Caller, assert_problem

UNREADABLE = {
    "not json": b"{",
    "trailing text": b'{"name": "a"} x',
    "an array": b"[]",
    "a string": b'"a"',
    "null": b"null",
    "a name twice": b'{"name": "a", "name": "b"}',
    "a name twice, inside": b'{"parts": [{"origin": "LHR", "origin": "JFK"}]}',
    "NaN": b'{"count": NaN}',
    "infinity": b'{"count": -Infinity}',
    "an escaped NUL": b'{"name": "\\u0000"}',
    "an escaped NUL in a name": b'{"a\\u0000": 1}',
    "half a surrogate pair": b'{"name": "\\ud83d"}',
    "half a surrogate pair, inside": b'{"tags": ["\\udc00"]}',
    "a raw NUL": b'{"name": "\x00"}',
    "a raw line feed in a string": b'{"name": "\n"}',
    "bad UTF-8": b'{"name": "\xff"}',
    "Latin-1": '{"name": "é"}'.encode("latin-1"),
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "a"}',
    "a surrogate in raw UTF-8": b'{"name": "\xed\xa0\x80"}',
    "too deep in arrays": b'{"a":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
    "far too deep": b'{"a":' + b"[" * 20_000,
    "too deep in objects": b'{"a":' * 40 + b"1" + b"}" * 40,
    "an integer of 5,000 digits": b'{"count": ' + b"9" * 5000 + b"}",
    "an exponent without end": b'{"count": 1e999999999999999999999}',
    "a comment": b'{"name": "a"} // b',
    "single quotes": b"{'name': 'a'}",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_400(guest: Caller, body: bytes) -> None:
    assert_problem(guest.post("/v1/echo", body), 400, "malformed_request")


def test_brackets_in_strings_are_no_depth() -> None:
    body = b'{"name": "' + b"[{" * 500 + b'\\"[", "a": [1]}'

    assert strict_object(body)["a"] == [1]


def test_the_deepest_allowed_body_is_read() -> None:
    inside = MAX_DEPTH - 1

    assert list(strict_object(b'{"a":' + b"[" * inside + b"]" * inside + b"}")) == ["a"]


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert strict_object(b'{"name": "\\ud83d\\ude00"}') == {"name": "😀"}


@pytest.mark.parametrize("unit", [b'"', b'\\"', b"[", b"{", b'["', b'{"a', b"\\", b'"\\'])
def test_no_body_takes_long_to_refuse(unit: bytes) -> None:
    body = b"{" * 40 + unit * (64_000 // len(unit))
    started = time.process_time()

    with pytest.raises(Malformed):
        strict_object(body)

    assert time.process_time() - started < 0.25


def test_an_empty_body_is_an_empty_object(guest: Caller) -> None:
    reply = guest.post("/v1/echo")

    document = assert_problem(reply, 422, "required")
    assert document["errors"] == [{"pointer": "/name", "code": "required", "detail": "This field is required."}]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=latin-1",
        "application/json; charset=bogus",
        "application/*",
        "nonsense",
    ],
)
def test_only_json_in_utf8_is_taken(guest: Caller, content_type: str) -> None:
    reply = guest.post("/v1/echo", b'{"name": "a"}', content_type=content_type)

    assert_problem(reply, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=UTF-8", "Application/JSON"])
def test_json_in_utf8_is_taken(guest: Caller, content_type: str) -> None:
    reply = guest.post("/v1/echo", b'{"name": "a"}', content_type=content_type)

    assert (reply.status_code, reply.json()) == (200, {"names": ["name"]})


@override_settings(ALTIS_MAX_BODY_BYTES=100)
def test_a_body_over_the_limit_is_413(guest: Caller) -> None:
    assert_problem(guest.post("/v1/echo", b" " * 101), 413, "payload_too_large")
    assert_problem(guest.post("/v1/echo", b" " * 100), 400, "malformed_request")
