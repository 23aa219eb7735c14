"""Listens in: every command that the Redis-compatible store is given, and every e-mail that is sent."""

import contextlib
import socket
import socketserver
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

_CHUNK = 64 * 1024
_REFUSED_EVERY = 5


class Monitor:
    """Writes down what MONITOR tells, in a thread of its own."""

    def __init__(self, redis_url: str, file: Path) -> None:
        self._file = file
        parts = urlsplit(redis_url)
        self._socket = socket.create_connection((str(parts.hostname), parts.port or 6379))
        self._socket.sendall(f"AUTH {unquote(parts.password or '')}\r\nMONITOR\r\n".encode())
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def text(self) -> str:
        """Everything so far; its bytes are escaped by the server, as `\\xc3`."""
        return self._file.read_text(encoding="latin-1")

    def stop(self) -> None:
        """Hang up. Safe to call twice."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()

    def _listen(self) -> None:
        with self._file.open("wb") as out, contextlib.suppress(OSError):
            while heard := self._socket.recv(_CHUNK):
                out.write(heard)
                out.flush()


class _Letterbox(socketserver.StreamRequestHandler):
    """As much SMTP as Django's client speaks."""

    server: "PostOffice"

    def handle(self) -> None:
        """One connection; every fifth recipient is refused by name, as real servers do."""
        self._say("220 ready")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            word = line[:4].upper()
            if word == "RCPT" and self.server.refuses():
                self._say(f"550 no such mailbox: {line[8:]}")
            elif word == "DATA":
                self._say("354 go on")
                while self.rfile.readline().rstrip() != b".":
                    pass
                self.server.delivered += 1
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class PostOffice(socketserver.ThreadingTCPServer):
    """A mail server on the loopback address that forgets what it is given."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Letterbox)
        self.delivered = self.refused = self._asked = 0
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """For ALTIS_EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def refuses(self) -> bool:
        """Whether this recipient is unknown here."""
        with self._lock:
            self._asked += 1
            refused = self._asked % _REFUSED_EVERY == 0
            self.refused += refused
            return refused

    def stop(self) -> None:
        """Close."""
        self.shutdown()
        self.server_close()
