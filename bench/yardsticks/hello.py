"""The bare application server: the same interface and worker count as the API, and eleven bytes."""

from collections.abc import Callable, Iterable
from typing import Any

BODY = b'{"ok":true}'


async def rsgi(scope: Any, protocol: Any) -> None:
    """For `--interface rsgi`."""
    await protocol()
    protocol.response_bytes(200, [("content-type", "application/json")], BODY)


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """For `--interface asgi` and `asginl`."""
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """For `--interface wsgi`."""
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]
