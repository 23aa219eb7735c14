"""Bytes that no client library would send, and what the server must answer on the wire."""

from dataclasses import dataclass

_HOST = b"Host: altis.example\r\n"
_JSON = b"Content-Type: application/json\r\n"
_BODY = b"{}"


@dataclass(frozen=True, slots=True)
class Raw:
    """A whole request as bytes. `code` is empty where the server refuses before the application sees anything."""

    name: str
    sent: bytes
    status: int
    code: str = ""


def _get(path: bytes = b"/v1/orders", headers: bytes = b"", method: bytes = b"GET") -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\n" + _HOST + headers + b"Connection: close\r\n\r\n"


def _post(headers: bytes, body: bytes, path: bytes = b"/v1/auth/guest") -> bytes:
    return b"POST " + path + b" HTTP/1.1\r\n" + _HOST + _JSON + headers + b"Connection: close\r\n\r\n" + body


def _lengths(*values: bytes) -> bytes:
    return b"".join(b"Content-Length: " + value + b"\r\n" for value in values)


def rows(token: bytes) -> list[Raw]:
    """All of them; the token is a guest's."""
    return [*_framing(), *_requests(b"Authorization: Bearer " + token + b"\r\n")]


def _framing() -> list[Raw]:
    """What is no request, or says otherwise of its length than it is."""
    bad = "malformed_request"
    return [
        Raw("no request at all", b"hello\r\n\r\n", 400),
        Raw("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64, 400),
        Raw("HTTP/3", b"GET / HTTP/3.0\r\n\r\n", 400),
        Raw("a NUL in the path", _get(b"/v1/\x00"), 400),
        Raw("a control character in a header", _get(headers=b"X-A: a\x01b\r\n"), 400),
        Raw("a NUL in a header", _get(headers=b"X-A: a\x00b\r\n"), 400),
        Raw("a blank before the colon", _get(headers=b"Authorization : x\r\n"), 400),
        Raw("a folded header", _get(headers=b"X-A: a\r\n b\r\n"), 400),
        Raw("a header without a name", _get(headers=b": a\r\n"), 400),
        Raw("two lengths that differ", _post(_lengths(b"2", b"3"), _BODY), 400),
        Raw("a length of letters", _post(_lengths(b"two"), _BODY), 400),
        Raw("a negative length", _post(_lengths(b"-1"), _BODY), 400),
        Raw("a length with a plus", _post(_lengths(b"+2"), _BODY), 400),
        Raw("a length of 100 digits", _post(_lengths(b"9" * 100), _BODY), 400),
        Raw("chunks that are none", _post(b"Transfer-Encoding: chunked\r\n", b"zz\r\n{}\r\n0\r\n\r\n"), 400, bad),
        Raw("chunks", _post(b"Transfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n"), 400, bad),
        Raw("an encoding that is none", _post(b"Transfer-Encoding: xchunked\r\n", _BODY), 400),
    ]


def _requests(bearer: bytes) -> list[Raw]:
    """What is a request, and odd."""
    bad, long = "malformed_request", b"a" * 100_000
    return [
        Raw("overlong UTF-8 in the path", _get(b"/v1/orders/%c0%ae%c0%ae"), 400, bad),
        Raw("a line end in the path", _get(b"/v1/orders/a%0d%0aX:1"), 400, bad),
        Raw("no token", _get(), 401, "invalid_token"),
        Raw("a guest", _get(headers=bearer), 403, "user_token_required"),
        Raw("two tokens in two headers", _get(headers=bearer + bearer), 401, "invalid_token"),
        Raw("a token behind a bad one", _get(headers=b"Authorization: Basic x\r\n" + bearer), 401, "invalid_token"),
        Raw("a token that is not ASCII", _get(headers=b"Authorization: Bearer \xff\r\n"), 401, "invalid_token"),
        Raw(
            "a token of 20 kB",
            _get(headers=b"Authorization: Bearer " + long[:20_000] + b"\r\n"),
            431,
            "headers_too_large",
        ),
        Raw("10 kB of path", _get(b"/v1/" + long[:10_000]), 414, "uri_too_long"),
        Raw("10 kB of query", _get(b"/v1/orders?" + long[:10_000]), 414, "uri_too_long"),
        Raw("200 headers", _get(headers=b"".join(b"X-%d: a\r\n" % n for n in range(200))), 431),
        Raw("a header of 600 kB", _get(headers=b"X-A: " + long * 6 + b"\r\n"), 431),
        Raw("a method of nobody", _get(method=b"FOO"), 401, "invalid_token"),
        Raw("TRACE", _get(method=b"TRACE"), 401, "invalid_token"),
        Raw("a small method", _get(method=b"get"), 401, "invalid_token"),
        Raw("an unknown path", _get(b"/v1/nothing"), 404, "not_found"),
        Raw("dots", _get(b"/v1/../../etc/passwd"), 404),
        Raw("gzip", _post(b"Content-Encoding: gzip\r\n" + _lengths(b"2"), _BODY), 415, "unsupported_media_type"),
        Raw("70 kB", _post(_lengths(b"70000"), b" " * 70_000), 413, "payload_too_large"),
        Raw("2 MB", _post(_lengths(b"2000000"), b" " * 2_000_000), 413, "payload_too_large"),
        Raw("an array", _post(_lengths(b"2"), b"[]"), 400, bad),
        Raw("a request behind the body", _post(_lengths(b"2"), _BODY + _get()), 201),
        Raw("HTTP/1.0 without a host", b"GET /v1/orders HTTP/1.0\r\n\r\n", 400, bad),
    ]
