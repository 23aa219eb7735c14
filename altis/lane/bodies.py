"""The body of a request for Django: read before a thread is taken, or, when it is large, while the thread reads it."""

import asyncio
import io
from typing import Any

SECONDS = 30.0  # for a small body as a whole, and for each piece of a large one


class Broken(io.RawIOBase):
    """A body that did not come as its length said: whoever reads it is told so, and answers 400."""

    def readable(self) -> bool:
        """Yes, to fail."""
        return True

    def readinto(self, _: Any) -> int:
        """Raises OSError."""
        raise OSError("the body ends before its length")


class Late(io.RawIOBase):
    """A body that is read when somebody asks for it: piece by piece, from another thread than the loop's."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._protocol, self._loop = protocol, loop
        self._pieces: Any = None
        self._left = memoryview(b"")
        self._over = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, into: Any) -> int:
        """Some bytes, none at the end; raises OSError when the next piece does not come in time."""
        if not self._left and not self._over:
            self._left = memoryview(self._next())
            self._over = not self._left
        taken = min(len(into), len(self._left))
        into[:taken], self._left = self._left[:taken], self._left[taken:]
        return taken

    def _next(self) -> bytes:
        try:
            return asyncio.run_coroutine_threadsafe(self._pull(), self._loop).result(SECONDS)
        except TimeoutError as error:
            raise OSError("the next piece of the body did not come") from error

    async def _pull(self) -> bytes:
        if self._pieces is None:
            self._pieces = aiter(self._protocol)
        return bytes(await anext(self._pieces, b""))


async def input_of(protocol: Any, *, length: str | None, chunked: bool, most: int) -> io.IOBase:
    """What `wsgi.input` shall be, for a body of this declared length; up to `most` bytes are read at once."""
    if not chunked and length in (None, "", "0"):
        return io.BytesIO()
    if chunked or length is None or not (length.isascii() and length.isdigit()) or int(length[:19]) > most:
        return io.BufferedReader(Late(protocol, asyncio.get_running_loop()))
    try:
        body = await asyncio.wait_for(protocol(), SECONDS)
    except Exception:  # noqa: BLE001  (of the server's own kinds: the client is gone or too slow)
        return io.BufferedReader(Broken())
    return io.BytesIO(body) if len(body) == int(length) else io.BufferedReader(Broken())
