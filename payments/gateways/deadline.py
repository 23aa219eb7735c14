"""An HTTP transport whose time-outs are one instant: a server that trickles cannot stretch a call."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

_FAILURES = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


def until(deadline: float) -> dict[str, dict[str, float]]:
    """Request extensions that end the whole exchange at this instant of ``time.monotonic()``."""
    operations = ("connect", "read", "write")
    waiting_for_a_connection = max(deadline - time.monotonic(), 0.0)
    return {"timeout": {**dict.fromkeys(operations, deadline), "pool": waiting_for_a_connection}}


class DeadlineTransport(httpx.BaseTransport):
    """httpx's transport over a connection pool that understands ``until``; raises httpx.TransportError."""

    def __init__(self, max_connections: int) -> None:
        """Keep up to this many connections open, each for 5 s after its last use."""
        self._pool = httpcore.ConnectionPool(
            max_connections=max_connections, keepalive_expiry=5.0, network_backend=_Backend()
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the body of the answer is read by the caller, up to the same instant."""
        url = request.url
        with _as_httpx_errors():
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.NetworkBackend):
    """The pool's sockets; every ``timeout`` that arrives here is an instant and leaves as a duration."""

    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(host, port, _left(timeout), local_address, socket_options)
        return _Stream(stream)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the deadline of the whole call has passed")
    return seconds


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        raise httpx.TransportError(str(error)) from error
