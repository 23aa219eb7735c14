"""Bodies that cannot be read, for every operation that reads one."""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache

from tests.api.hostile.attack import MARK, Attack, attack, valid

KB = 1024
_BOM = b"\xef\xbb\xbf"
_UNKNOWN = "unknown_field"


def attacks(operations: list[str]) -> Iterator[Attack]:
    """All of this module, for the POST operations among these."""
    for operation in operations:
        if not operation.startswith("POST "):
            continue
        body = valid(operation)
        for name, raw in unreadable(body).items():
            yield attack(operation, f"body: {name}", 400, "malformed_request", body=raw)
        for name, raw in _oversized().items():
            yield attack(operation, f"size: {name}", 413, "payload_too_large", body=raw)
        if "/webhooks/" not in operation:
            yield from _wrong_types(operation, body)
            yield from _unknown_fields(operation, body)
        yield attack(
            operation, "gzip", 415, "unsupported_media_type", body=gzip.compress(body), Content_Encoding="gzip"
        )
        yield attack(operation, "br", 415, "unsupported_media_type", body=body, Content_Encoding="br")
        yield attack(operation, "bomb", 415, "unsupported_media_type", body=_bomb(), Content_Encoding="gzip, identity")


@cache
def _bomb() -> bytes:
    return gzip.compress(b"{" + b" " * 30_000_000, 1)[: 60 * KB]


def unreadable(body: bytes) -> Mapping[str, bytes]:
    """A harmless object made unreadable, by what is wrong with it."""
    with_more = body[:-1] + (b"," if len(body) > 2 else b"")
    return {
        **{f"nested {depth} arrays": with_more + b'"a":' + b"[" * depth + b"]" * depth + b"}" for depth in (33, 1000)},
        **{f"nested {depth} objects": b'{"a":' * depth + b"1" + b"}" * depth for depth in (33, 1000, 9000)},
        "nested 60,000, never closed": b"[" * 60_000,
        "depth hidden behind strings": b'{"a":"[' + b'\\"",' + b'"b":' + b"[" * 40 + b"]" * 40 + b"}",
        "name twice": with_more + b'"a":1,"a":2}',
        "name twice, once escaped": with_more + b'"ab":1,"\\u0061b":2}',
        "name twice, deep": with_more + b'"x":[{"a":1,"a":1}]}',
        "NUL": with_more + b'"a":"\x00"}',
        "escaped NUL": with_more + b'"a":"\\u0000"}',
        "escaped NUL in a name": with_more + b'"\\u0000a":1}',
        "escaped high surrogate": with_more + b'"a":"\\ud800"}',
        "escaped low surrogate": with_more + b'"a":"\\udfff"}',
        "surrogates the wrong way round": with_more + b'"a":"\\ude00\\ud83d"}',
        "surrogate in a name": with_more + b'"\\ud800":1}',
        "raw surrogate": with_more + b'"a":"\xed\xa0\x80"}',
        "overlong UTF-8": with_more + b'"a":"\xc0\xaf"}',
        "beyond Unicode": with_more + b'"a":"\xf4\x90\x80\x80"}',
        "bad UTF-8": with_more + b'"a":"\xff"}',
        "Latin-1": with_more + b'"a":"\xe9"}',
        "UTF-16": json.dumps({"a": 1}).encode("utf-16"),
        "UTF-16 without mark": json.dumps({"a": 1}).encode("utf-16-le"),
        "UTF-32": json.dumps({"a": 1}).encode("utf-32"),
        "byte order mark": _BOM + body,
        "NaN": with_more + b'"a":NaN}',
        "Infinity": with_more + b'"a":Infinity}',
        "-Infinity": with_more + b'"a":-Infinity}',
        "5,000 digits": with_more + b'"a":' + b"7" * 5000 + b"}",
        "endless exponent": with_more + b'"a":1e99999999999999999999}',
        "leading zero": with_more + b'"a":01}',
        "hexadecimal": with_more + b'"a":0x1F}',
        "plus sign": with_more + b'"a":+1}',
        "Arabic digit": with_more + '"a":٣}'.encode(),
        "line feed in a string": with_more + b'"a":"\n"}',
        "bad escape": with_more + b'"a":"\\x41"}',
        "half an escape": with_more + b'"a":"\\u12"}',
        **_other_things(body),
    }


def _other_things(body: bytes) -> Mapping[str, bytes]:
    """What is no JSON object at all, or more than one."""
    with_more = body[:-1] + (b"," if len(body) > 2 else b"")
    return {
        "array": b"[" + body + b"]",
        "string": b'"' + MARK.encode() + b'"',
        "number": b"1",
        "true": b"true",
        "null": b"null",
        "blanks": b"  \n ",
        "cut off": body[:-1],
        "two objects": body + body,
        "more behind": body + MARK.encode(),
        "comma too many": with_more + b'"a":1,}',
        "comment": b"/* " + MARK.encode() + b" */" + body,
        "single quotes": b"{'a': 1}",
        "bare name": b"{a: 1}",
        "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "form": b"a=1&b=" + MARK.encode(),
        "pickle": b"cos\nsystem\n(S'true'\ntR.",
        "YAML": b"!!python/object/apply:os.system ['true']",
        "gzip under no name": gzip.compress(body),
    }


def _oversized() -> Mapping[str, bytes]:
    return {
        "70 KB of blanks": b" " * 70 * KB,
        "one byte too many": b'{"a":"' + b"x" * (64 * KB - 7) + b'"}',
        "a string of 1 MB": b'{"a":"' + MARK.encode() + b"x" * KB * KB + b'"}',
        "2 MB of brackets": b"[" * 2 * KB * KB,
        "nested 100,000": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "20,000 names": json.dumps(dict.fromkeys(map(str, range(20_000)), 1)).encode(),
    }


_MEDIA_TYPES = (
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/problem+json",
    "application/octet-stream",
    "application/*",
    "*/*",
    "nonsense",
    "application/json; charset=bogus",
    "application/json; charset=latin-1",
    "application/json; charset=utf-16",
    "application/json; charset=utf-7",
    "application/json, text/plain",
    "application/jsonx",
)


def _wrong_types(operation: str, body: bytes) -> Iterator[Attack]:
    for kind in _MEDIA_TYPES:
        yield attack(operation, f"type: {kind}", 415, "unsupported_media_type", body=body, Content_Type=kind)


def _unknown_fields(operation: str, body: bytes) -> Iterator[Attack]:
    deep: object = MARK
    for _ in range(29):
        deep = {"a": deep}
    values = {
        "id": "ord_01jd5y8t3m4n6p7q9r0s2v4w6x",
        "is_staff": True,
        "owner_id": MARK,
        "__proto__": {"admin": True},
        "constructor": {"prototype": {"admin": True}},
        "__class__": MARK,
        "$where": "sleep(1000)",
        "deep": deep,
        "": 1,
        "a/b~c": 1,
        "ключ": MARK,
        "many": list(range(10_000)),
    }
    for name, value in values.items():
        sent = {**json.loads(body), name: value}
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        yield attack(operation, f"field: {name}", 422, _UNKNOWN, body=sent, pointer=pointer)
    long = {**json.loads(body), "n" * 10_000: 1}
    yield attack(operation, "field: 10 kB name", 422, _UNKNOWN, body=long, pointer="/" + "n" * 64)
    huge = body[:-1] + (b"," if len(body) > 2 else b"") + b'"a":1e400}'
    yield attack(operation, "field: 1e400", 422, _UNKNOWN, body=huge, pointer="/a")
