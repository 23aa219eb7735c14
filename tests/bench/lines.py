"""Two ends of a line for the proxy's tests: an echo server, and clients that see a reset as such."""

import contextlib
import socket
import threading
from collections.abc import Iterator

_SECONDS = 5.0


class Echo:
    """Answers every line with itself in capitals, and remembers what it has read."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = ("127.0.0.1", int(self._listener.getsockname()[1]))
        self.read: list[bytes] = []
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def close(self) -> None:
        """Nobody is left behind."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join(_SECONDS)
        self._listener.close()
        for thread in self._threads:
            thread.join(_SECONDS)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(65536):
                self.read.append(data)
                connection.sendall(data.upper())


@contextlib.contextmanager
def calling(port: int) -> Iterator[socket.socket]:
    """A connection to this side of the proxy."""
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection:
        yield connection


def ask(connection: socket.socket, words: bytes) -> bytes:
    """What comes back first; empty at the end of the stream. Raises ConnectionResetError."""
    connection.sendall(words)
    return connection.recv(65536)
