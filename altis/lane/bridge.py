"""From RSGI, which the server speaks, to WSGI (PEP 3333), which Django speaks: the same environment, the same reply.

The names and values in the environment are those of the server's own WSGI interface, with three differences, all of
them stricter: headers with an underscore in their names are dropped, since as variables they could pass for those with
a dash; the process's environment is not mixed in; and bytes of the path that are no UTF-8 arrive as one broken byte.
Of a header that stands several times, a value that is not ASCII is left out instead of being empty.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from altis.lane.bodies import input_of
from altis.lane.threads import Threads

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_CONSTANT: dict[str, Any] = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Altis",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
}
_REPLACED, _BROKEN = "\ufffd".encode(), b"\xff"
_PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}  # without HTTP_ in front of them


class Bridge:
    """Django behind RSGI. A request takes a thread only when its body has come."""

    def __init__(self, application: Application, threads: Threads, *, most_read: int) -> None:
        """`most_read`: bytes of a body that are read before a thread is taken."""
        self._application, self._threads, self._most_read = application, threads, most_read

    async def serve(self, scope: Any, protocol: Any, body: bytes | None = None) -> None:
        """Answer one request; `body` is what somebody has read already."""
        made = environ_of(scope)
        made["wsgi.input"] = (
            io.BytesIO(body)
            if body is not None
            else await input_of(
                protocol,
                length=made.get("CONTENT_LENGTH"),
                chunked="HTTP_TRANSFER_ENCODING" in made,
                most=self._most_read,
            )
        )
        loop = asyncio.get_running_loop()
        await self._threads.run(partial(_answer, self._application, made, protocol, loop))


def environ_of(scope: Any) -> dict[str, Any]:
    """Everything but `wsgi.input`. What is made of headers begins with HTTP_: no header can pass for anything else."""
    raw = scope.path.encode().replace(_REPLACED, _BROKEN)
    server, _, port = scope.server.rpartition(":")
    environ = {
        **_CONSTANT,
        "SERVER_NAME": _bare(server),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": peer_of(scope),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": raw.decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "wsgi.url_scheme": scope.scheme,
    }
    _add_headers(environ, scope.headers)
    environ.setdefault("HTTP_HOST", scope.authority or "")
    return environ


def peer_of(scope: Any) -> str:
    """The address of whoever sent the request, without the port."""
    return _bare(scope.client.rpartition(":")[0])


def _bare(address: str) -> str:
    return address.strip("[]")


def _add_headers(environ: dict[str, Any], headers: Any) -> None:
    for name in headers.keys():  # noqa: SIM118  (not a dict: iterating makes the same list and an iterator more)
        if "_" in name:
            continue
        if name in _PLAIN:
            environ[_PLAIN[name]] = headers.get(name, "")
            continue
        values = headers.get_all(name)
        if not values or (values[0] and not headers[name]):
            values.insert(0, "")  # one that is not ASCII: empty, as the server's WSGI has it
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = (";" if name == "cookie" else ",").join(values)


class _Start:
    """PEP 3333's start_response, without its `write`, which only old frameworks need."""

    def __init__(self) -> None:
        self.code, self.headers = 500, list[tuple[str, str]]()

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.code, self.headers = int(status[:3]), headers


def _answer(application: Application, environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
    """In a thread: call the application, reply, and close what it gave, which also ends the request for Django."""
    start = _Start()
    given = application(environ, start)
    try:
        if getattr(given, "streaming", False):
            _stream(given, protocol.response_stream(start.code, start.headers), loop)
        else:
            protocol.response_bytes(start.code, start.headers, b"".join(given))
    finally:
        close = getattr(given, "close", None)
        if close is not None:
            close()


def _stream(chunks: Iterable[bytes], transport: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Files, that is: piece by piece, until the client hangs up. Pieces that it has not taken yet wait in memory."""
    for chunk in chunks:
        if chunk:
            try:
                asyncio.run_coroutine_threadsafe(_send(transport, chunk), loop).result()
            except Exception:  # noqa: BLE001  (of the server's own kinds: nobody listens any more)
                return


async def _send(transport: Any, chunk: bytes) -> None:
    await transport.send_bytes(chunk)
