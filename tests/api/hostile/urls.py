"""Ids, queries and paths that are not what they should be."""

import base64
import json
import re
from collections.abc import Iterator

from tests.api.hostile.attack import MARK, Attack, attack
from tests.api.matrix_requests import query_of

_NOT_FOUND = {
    "order_id": "order_not_found",
    "document_id": "document_not_found",
    "offer_id": "offer_not_found",
    "gateway": "not_found",
}
_ULID = "01jd5y8t3m4n6p7q9r0s2v4w6x"
# Nobody's: they are looked for, or not even that, and not found.
_UNKNOWN_IDS = {
    "a word": MARK,
    "a digit": "1",
    "of another kind": f"usr_{_ULID}",
    "without its kind": _ULID,
    "in capitals": f"ORD_{_ULID.upper()}",
    "too short": f"ord_{_ULID[:-1]}",
    "too long": f"ord_{_ULID}0",
    "a letter that is none of ours": f"ord_{_ULID[:-1]}u",
    "beyond 128 bits": "ord_8" + _ULID[1:],
    "a UUID": "0b0b8a5e-7a9e-4b0a-9d6e-5b8a3f0c1d2e",
    "all zeroes": "ord_" + "0" * 26,
    "SQL": "1%27%20OR%20%271%27=%271",
    "SQL that ends": "x%27;DROP%20TABLE%20orders_order;--",
    "SQL that sleeps": "x%27%7C%7Cpg_sleep(10)%7C%7C%27",
    "a wildcard": "%25",
    "underscores": "____",
    "up one": "..",
    "dots behind a percent": "%2e%2e",
    "backslashes": "..%5C..%5Cetc",
    "percent twice": "%2500",
    "half a percent": "%",
    "percent and letters": "%zz",
    "a template": "%7B%7B7*7%7D%7D",
    "a format": "%7Border_id%7D",
    "a look-up": "$%7Bjndi:ldap:x%7D",
    "markup": "%3Cscript%3Ealert(1)%3C%2Fscript%3E".replace("%2F", "%5C"),
    "an emoji": "%F0%9F%98%80",
    "Arabic digits": "%D9%A3%D9%A4",
    "right to left": "%E2%80%AE" + "x",
    "zero width": f"ord_{_ULID}%E2%80%8B",
    "full width": "%EF%BD%8F" + "rd",
    "a parameter": f"ord_{_ULID};a=1",
    "a blank": "%20",
    "a blank behind": f"ord_{_ULID}%20",
    "a plus": f"ord_{_ULID}+",
    "JSON": "%7B%22$ne%22:1%7D",
    "null": "null",
    "NaN": "NaN",
    "300 letters": "a" * 300,
    "7 KB": "a" * 7000,
}
# Not even a path of ours
_NO_ROUTE = {"slashes": "..%2f..%2fetc%2fpasswd", "nothing": "", "a slash": "%2F", "behind": f"ord_{_ULID}%2F"}
_UNREADABLE = {
    "NUL": "%00",
    "NUL behind": f"ord_{_ULID}%00",
    "line end": "a%0d%0aSet-Cookie:%20a=1",
    "line feed": "a%0A",
    "tab": "%09",
    "escape": "%1b[2J",
    "delete": "%7F",
    "bad UTF-8": "%ff",
    "UTF-8 cut off": "%F0%9F%98",
    "overlong slash": "%c0%af",
    "overlong dots": "%c0%ae%c0%ae",
    "overlong NUL": "%e0%80%80",
    "a surrogate": "%ED%A0%80",
    "beyond Unicode": "%F4%90%80%80",
}
_UNREADABLE_QUERIES = {
    "NUL": "a=%00",
    "NUL in a name": "%00=1",
    "line end": "a=%0d%0aX:1",
    "bad UTF-8": "a=%fe%ff",
    "overlong": "a=%c0%af",
    "a surrogate": "a=%ED%A0%80",
}
_CURSOR = "/after"
_LIST = "GET /v1/orders"
_PRODUCTS = "GET /v1/products"
_FLIGHTS = "GET /v1/flights"
_LISTS = (_FLIGHTS, _LIST, _PRODUCTS)


def attacks(operations: list[str]) -> Iterator[Attack]:
    """All of this module, for these operations."""
    for operation in operations:
        for name, query in _UNREADABLE_QUERIES.items():
            yield attack(operation, f"query: {name}", 400, "malformed_request", query=f"?{query}")
        yield attack(operation, "query: 9 KB", 414, "uri_too_long", query="?a=" + "a" * 9000)
        for parameter in re.findall(r"{(\w+)}", operation):
            yield from _ids(operation, parameter)
        yield from _other_paths(operation)
    for operation in _LISTS:
        yield from _paging(operation)
    yield from _queries()


def _ids(operation: str, parameter: str) -> Iterator[Attack]:
    for name, id in _UNKNOWN_IDS.items():
        yield attack(operation, f"id: {name}", 404, _NOT_FOUND[parameter], path={parameter: id})
    for name, id in _UNREADABLE.items():
        yield attack(operation, f"id: {name}", 400, "malformed_request", path={parameter: id})
    yield attack(operation, "id: 10 kB", 414, "uri_too_long", path={parameter: "a" * 10_000})
    if not operation.endswith("}"):
        for name, id in _NO_ROUTE.items():
            yield attack(operation, f"id: {name}", 404, "not_found", path={parameter: id})


def _other_paths(operation: str) -> Iterator[Attack]:
    route = operation.split(" ")[1]
    if "{" in route:
        return
    for name, target in {
        "a slash behind": f"{route}/",
        "two slashes": route.replace("/v1/", "/v1//"),
        "in capitals": "/v1" + route[3:].upper(),
        "a NUL behind": f"{route}%00",
        "a line end behind": f"{route}%0a",
        "bad UTF-8 behind": f"{route}%ff",
        "up and down": route.replace("/v1/", "/v1/x/../"),
        "a format behind": f"{route}.json",
    }.items():
        status, code = (400, "malformed_request") if "%" in target else (404, "not_found")
        if target == "/v1/offers/search.json":  # might be the id of an offer, which is read and not posted to
            status, code = 405, "method_not_allowed"
        yield attack(operation, f"path: {name}", status, code, target=target)


def _cursor(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _paging(operation: str) -> Iterator[Attack]:
    usual = query_of(operation) or "?"
    wrong = {
        "0": "out_of_range",
        "201": "out_of_range",
        "-1": "out_of_range",
        "1e3": "invalid_type",
        "1.0": "invalid_type",
        "0x10": "invalid_type",
        "%D9%A3": "invalid_type",
        "%EF%BC%91": "invalid_type",
        "%201": "invalid_type",
        "%2B1": "invalid_type",
        "": "invalid_type",
        "true": "invalid_type",
        "null": "invalid_type",
        MARK: "invalid_type",
        "999999999999999999": "out_of_range",
        "9" * 5000: "invalid_type",
    }
    for limit, code in wrong.items():
        name = f"limit: {limit[:24]}"
        yield attack(operation, name, 422, code, query=f"{usual}&limit={limit}", pointer="/limit")
    for name, after in _CURSORS.items():
        yield attack(
            operation, f"after: {name}", 422, "invalid_cursor", query=f"{usual}&after={after}", pointer=_CURSOR
        )
    yield attack(operation, "after: 600 letters", 422, "too_long", query=f"{usual}&after={'a' * 600}", pointer=_CURSOR)
    for name, query, code, pointer in (
        ("limit twice", "limit=1&limit=2", "repeated_parameter", "/limit"),
        ("limit twice, alike", "limit=1&limit=1", "repeated_parameter", "/limit"),
        ("limit in brackets", "limit[]=1", "unknown_field", "/limit[]"),
        ("a filter of Django's", "owner_id__gt=a", "unknown_field", "/owner_id__gt"),
        ("a format", "format=xml", "unknown_field", "/format"),
        ("a token", "access_token=" + MARK, "unknown_field", "/access_token"),
        ("capitals", "LIMIT=1", "unknown_field", "/LIMIT"),
        ("no name", "=1", "unknown_field", "/"),
        ("an offset", "offset=1", "unknown_field", "/offset"),
    ):
        yield attack(operation, f"query: {name}", 422, code, query=f"{usual}&{query}", pointer=pointer)


_CURSORS = {
    "garbage": MARK,
    "one letter": "a",
    "symbols": "!!!",
    "not base64": "%E2%82%AC",
    "no JSON": _cursor(b"\xff\xfe"),
    "no list": _cursor({"a": 1}),
    "an empty list": _cursor([]),
    "too many values": _cursor(["a", "b", "c"]),
    "numbers": _cursor([1, 2]),
    "nulls": _cursor([None, None]),
    "empty texts": _cursor(["", ""]),
    "a NUL": _cursor(["a\x00", "b"]),
    "a deep list": _cursor(b"[" * 180 + b"]" * 180),
    "NaN": _cursor(b"[NaN]"),
}


def _queries() -> Iterator[Attack]:
    """What one list takes and another does not."""
    products = _cursor(["bag", "BAG"])
    dated = "?origin=LHR&destination=JFK&departure_date="
    for operation, name, query, code, pointer in (
        (_LIST, "cursor of the products", f"?after={products}", "invalid_cursor", _CURSOR),
        (_FLIGHTS, "cursor of the products", f"{query_of(_FLIGHTS)}&after={products}", "invalid_cursor", _CURSOR),
        (_FLIGHTS, "naive instant in the cursor", f"{query_of(_FLIGHTS)}&after={_cursor(['2026-12-01', 'flt_1'])}",
         "invalid_cursor", _CURSOR),
        (_FLIGHTS, "year 0", f"{query_of(_FLIGHTS)}&after={_cursor(['0000-12-01T00:00:00Z', 'flt_1'])}",
         "invalid_cursor", _CURSOR),
        (_LIST, "status in small letters", "?status=paid", "not_one_of", "/status"),
        (_LIST, "status of SQL", "?status=PAID%27--", "not_one_of", "/status"),
        (_LIST, "status of nobody", "?status=" + MARK, "not_one_of", "/status"),
        (_PRODUCTS, "type of nobody", "?type=" + MARK, "not_one_of", "/type"),
        (_FLIGHTS, "nothing at all", "?", "required", "/origin"),
        (_FLIGHTS, "no date", "?origin=LHR&destination=JFK", "required", "/departure_date"),
        (_FLIGHTS, "year 0000", dated + "0000-01-01", "invalid_date", "/departure_date"),
        (_FLIGHTS, "year 9999", dated + "9999-12-31", "out_of_range", "/departure_date"),
        (_FLIGHTS, "29 February of 2026", dated + "2026-02-29", "invalid_date", "/departure_date"),
        (_FLIGHTS, "30 February", dated + "2026-02-30", "invalid_date", "/departure_date"),
        (_FLIGHTS, "Arabic digits", dated + "%D9%A2%D9%A0%D9%A2%D9%A6-12-01", "invalid_date", "/departure_date"),
        (_FLIGHTS, "an instant", dated + "2026-12-01T00:00:00Z", "invalid_date", "/departure_date"),
        (_FLIGHTS, "a week", dated + "2026-W49-1", "invalid_date", "/departure_date"),
        (_FLIGHTS, "without dashes", dated + "20261201", "invalid_date", "/departure_date"),
        (_FLIGHTS, "airport of SQL", "?origin=%27--&destination=JFK&departure_date=2026-12-01",
         "unknown_airport", "/origin"),
        (_FLIGHTS, "airport of 41 letters", f"?origin={'A' * 41}&destination=JFK&departure_date=2026-12-01",
         "too_long", "/origin"),
        (_FLIGHTS, "airport of nobody", f"?origin={MARK}&destination=JFK&departure_date=2026-12-01",
         "unknown_airport", "/origin"),
    ):  # fmt: skip
        yield attack(operation, f"query: {name}", 422, code, query=query, pointer=pointer)
    for name, at in _INSTANTS.items():
        operation = "GET /v1/orders/{order_id}/history"
        code = "out_of_range" if name.startswith("far") else "invalid_instant"
        yield attack(operation, f"at: {name}", 422, code, query=f"?at={at}", pointer="/at")
    for end in ("png", "svg"):
        operation = f"GET /v1/documents/{{document_id}}/barcode.{end}"
        for name, query, code, pointer in (
            ("unknown", f"symbology={MARK}", "not_one_of", "/symbology"),
            ("twice", "symbology=qr&symbology=qr", "repeated_parameter", "/symbology"),
            ("a size", "width=1000000", "unknown_field", "/width"),
        ):
            yield attack(operation, f"symbology: {name}", 422, code, query=f"?{query}", pointer=pointer)


_INSTANTS = {
    "naive": "2026-12-01T10:00:00",
    "in the gap of the summer time, naive": "2026-03-29T01:30:00",
    "a date": "2026-12-01",
    "a word": MARK,
    "a number": "1764583200",
    "13th month": "2026-13-01T00:00:00Z",
    "25th hour": "2026-12-01T25:00:00Z",
    "leap second": "2026-12-31T23:59:60Z",
    "offset of 99 hours": "2026-12-01T00:00:00%2B99:00",
    "small z": "2026-12-01T00:00:00z",
    "a blank for the T": "2026-12-01%2000:00:00Z",
    "Arabic digits": "%D9%A2%D9%A0%D9%A2%D9%A6-12-01T00:00:00Z",
    "far back": "0001-01-01T00:00:00Z",
    "far ahead": "9999-12-31T23:59:59Z",
}
