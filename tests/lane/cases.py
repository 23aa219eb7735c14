"""Requests to the operations of the lane, as bytes: valid ones of every kind, odd ones, and the whole hostile table."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.api.hostile import requests
from tests.api.hostile.attack import Attack
from tests.api.hostile.table import refused
from tests.offers.market import soon

HOST, ORIGIN = "altis.example", "https://shop.example"
SEARCH, FLIGHTS = "POST /v1/offers/search", "GET /v1/flights"
JSON = "application/json"
_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """Requests sent one after the other by one caller, each on a connection of its own.

    `raw` makes them from the caller's token and address, so that no case uses up the limit of another.
    """

    name: str
    raw: Callable[[str, str], list[bytes]]


def request(line: str, headers: Headers, body: bytes = b"", *, close: bool = True) -> bytes:
    """The bytes of a request; `line` is method and target, or a whole first line."""
    first = line if line.endswith(("HTTP/1.0", "HTTP/1.1")) else f"{line} HTTP/1.1"
    sent = [*headers, *([("Connection", "close")] if close else [])]
    head = "".join(f"{name}: {value}\r\n" for name, value in sent)
    return f"{first}\r\n{head}\r\n".encode("latin-1") + body


def usual(token: str, address: str, **more: str | None) -> Headers:
    """The headers of a caller; one that is None is left out, `_` in names is `-`."""
    headers: dict[str, str | None] = {
        "Host": HOST,
        "Authorization": f"Bearer {token}",
        "X-Forwarded-For": address,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return [(name, value) for name, value in headers.items() if value is not None]


def search(name: str, body: Any = None, *, line: str = "POST /v1/offers/search", times: int = 1, **more: Any) -> Case:
    """A case of searching."""
    raw = body if isinstance(body, bytes) else json.dumps(trip() if body is None else body).encode()
    sent = {"Content_Type": JSON, "Content_Length": str(len(raw)), **more}
    return Case(name, lambda token, address: [request(line, usual(token, address, **sent), raw)] * times)


def flights(name: str, query: str = "", *, line: str = "", times: int = 1, body: bytes = b"", **more: Any) -> Case:
    """A case of listing flights."""
    target = line or f"GET /v1/flights?{query or market_query()}"
    return Case(name, lambda token, address: [request(target, usual(token, address, **more), body)] * times)


def trip(**more: Any) -> dict[str, Any]:
    """A body of a search that finds something."""
    slice = {"origin": "LHR", "destination": "JFK", "departure_date": soon().isoformat()}
    return {"slices": [slice], "passengers": [{"type": "adult"}], **more}


def market_query() -> str:
    """A query that finds something."""
    return f"origin=LHR&destination=JFK&departure_date={soon().isoformat()}"


def plain() -> Iterator[Case]:
    """What the lane answers itself."""
    there = trip()["slices"][0]
    back = {"origin": "JFK", "destination": "LHR", "departure_date": soon(12).isoformat()}
    bodies: Mapping[str, Any] = {
        "one way": trip(),
        "return": trip(slices=[there, back]),
        "a family": trip(passengers=[{"type": "adult", "age": 40}, {"type": "child", "age": 7}, {"type": "infant"}]),
        "nine": trip(passengers=[{"type": "adult"}] * 9),
        "three offers": trip(max_offers=3),
        "a cabin that is not on sale": trip(cabin="business"),
        "a day without flights": trip(slices=[{**there, "departure_date": soon(40).isoformat()}]),
        "laid out": json.dumps(trip(cabin="economy", max_offers=5), indent=2).encode() + b"\n",
        "age of minus nothing": json.dumps(trip(passengers=[{"type": "infant", "age": 0}, {"type": "adult"}]))
        .replace('"age": 0', '"age": -0')
        .encode(),
    }
    yield from (search(f"search: {name}", body) for name, body in bodies.items())
    yield search("search: with an id", X_Request_ID="mine-1.2_3")
    yield search("search: with an id of digits", X_Request_ID="a.4111111111111111")
    yield search("search: with a trace", traceparent=_TRACE)
    yield search("search: with a trace that is none", traceparent="00-0-0-01")
    yield search("search: UTF-8 named", Content_Type="application/json; charset=utf-8")
    yield search("search: accepting anything", Accept="*/*")
    yield search("search: from the shop", Origin=ORIGIN)
    yield search("search: from elsewhere", Origin="https://elsewhere.example")
    yield search("search: over its limit", times=7)
    yield flights("flights: a day")
    yield flights("flights: one", f"{market_query()}&limit=1")
    yield flights("flights: the first page", f"{market_query()}&limit=200&after=")
    yield flights("flights: from the shop", Origin=ORIGIN)
    yield flights("flights: over its limit", times=10)
    yield flights("flights: of length 0", Content_Length="0")


def odd() -> Iterator[Case]:
    """What the lane leaves to Django, or might be expected to."""
    body = json.dumps(trip()).encode()
    yield search("escapes", body.replace(b"LHR", b"\\u004cHR"))
    yield search("a cabin twice", body[:-1] + b',"cabin":"economy","cabin":"economy"}')
    yield search("16 KB of blanks", body + b" " * 16_000)
    yield search("past", trip(slices=[{**trip()["slices"][0], "departure_date": "2020-01-01"}]))
    yield search("ten", trip(passengers=[{"type": "adult"}] * 10))
    yield search("invalid and over its limit", b"{}", times=7)
    yield search("in the query", line="POST /v1/offers/search?a=1")
    yield search("HTTP/1.0", line="POST /v1/offers/search HTTP/1.0")
    yield search("absolute", line=f"POST http://{HOST}/v1/offers/search")
    yield search("escaped path", line="POST /v1/offers/%73earch")
    yield search("expecting", Expect="100-continue")
    yield search("another host", Host="elsewhere.example")
    yield search("no host", Host=None, line="POST /v1/offers/search HTTP/1.0")
    yield search("no token", Authorization=None)
    yield search("no type", Content_Type=None)
    yield search("no length", Content_Length=None)
    yield search("identity", Content_Encoding="identity")
    yield search("cookies", Cookie="sessionid=a; csrftoken=b")
    yield search("a script", X_Requested_With="XMLHttpRequest")
    yield search("HTML", Accept="text/html")
    yield search("HTML or anything", Accept="text/html, */*;q=0.1")
    many: dict[str, Any] = {f"X_{number}": "a" for number in range(60)}
    yield search("60 headers", **many)
    yield search("12 KB of headers", Cookie="a" * 12_000)
    yield search("an id of a card", X_Request_ID="4111 1111 1111 1111".replace(" ", "-"))
    yield search("preflight", line="OPTIONS /v1/offers/search", Origin=ORIGIN, Access_Control_Request_Method="POST")
    yield search("options", line="OPTIONS /v1/offers/search")
    yield search("a head", line="HEAD /v1/offers/search")
    yield flights("a head of flights", line=f"HEAD /v1/flights?{market_query()}")
    yield flights("a body", Content_Length="2", Content_Type=JSON, body=b"{}")
    yield flights("escaped", market_query().replace("LHR", "%4cHR"))
    yield flights("limit 007", f"{market_query()}&limit=007")
    yield flights("an empty parameter", f"{market_query()}&")
    yield flights("no value", f"{market_query()}&limit")
    yield from _twice(body)
    yield _chunked(body)


def _twice(body: bytes) -> Iterator[Case]:
    """Headers that stand twice."""
    for name, value in (
        ("Authorization", "Bearer e30.e30.e30"),
        ("Content-Type", JSON),
        ("X-Request-ID", "other"),
        ("X-Forwarded-For", "192.0.2.77, {address}"),
        ("Accept", "text/html"),
        ("Origin", ORIGIN),
        ("Cookie", "a=b"),
    ):

        def raw(token: str, address: str, again: tuple[str, str] = (name, value)) -> list[bytes]:
            sent = usual(
                token, address, Content_Type=JSON, Content_Length=str(len(body)), Cookie="c=d", X_Request_ID="1"
            )
            return [request(SEARCH, [*sent, (again[0], again[1].format(address=address))], body)]

        yield Case(f"twice: {name}", raw)


def _chunked(body: bytes) -> Case:
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    more = {"Content_Type": JSON, "Transfer_Encoding": "chunked"}
    return Case("chunked", lambda token, address: [request(SEARCH, usual(token, address, **more), chunks)])


def hostile() -> Iterator[Case]:
    """The rows of the hostile table for the two operations, and what looks hostile and has no power."""
    attacks = [one for one in refused() if one.operation in (SEARCH, FLIGHTS)]
    attacks += requests.powerless({SEARCH: 200, FLIGHTS: 200})
    return (_of(one) for one in attacks if _sendable(one))


def _of(attack: Attack) -> Case:
    def raw(token: str, address: str) -> list[bytes]:
        sent = dict(usual(token, address)) | dict(attack.headers)
        if "X-Forwarded-For" in attack.headers:
            sent["X-Forwarded-For"] += f", {address}"
        if attack.body or "Content-Length" in sent:
            sent.setdefault("Content-Length", str(len(attack.body)))
        return [request(f"{attack.method} {attack.target}", list(sent.items()), attack.body)]

    return Case(str(attack), raw)


def _sendable(attack: Attack) -> bool:
    """What can be written as one request: no line ends in headers, no blank in the target."""
    text = attack.target + "".join(attack.headers.values())
    return text.isascii() and text.isprintable() and " " not in attack.target and attack.method != "CONNECT"
