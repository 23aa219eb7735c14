"""Finds a COMMIT in what a client sends to PostgreSQL (frontend/backend protocol 3, message formats)."""

import struct

_ENCRYPTION_REQUESTS = (80877103, 80877104)  # SSLRequest, GSSENCRequest: an answer of one byte, then once more
_QUERY, _PARSE = 0x51, 0x50
_STATEMENT = b"COMMIT"


class CommitSpotter:
    """Follows one connection's stream from its first byte, however it is cut into pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._starting = True  # the first message has no type byte

    def feed(self, data: bytes) -> bool:
        """Whether a COMMIT was completed by these bytes, as a simple query or in the extended protocol."""
        stream, at, found = self._rest + data, 0, False
        while (size := self._message_bytes(stream, at)) is not None:
            found = self._is_commit(stream[at : at + size]) or found
            at += size
        self._rest = stream[at:]
        return found

    def _message_bytes(self, stream: bytes, at: int) -> int | None:
        """How long the message at this place is; None while part of it is missing."""
        head = 0 if self._starting else 1
        if len(stream) < at + head + 4:
            return None
        (length,) = struct.unpack_from(">i", stream, at + head)
        size = head + max(length, 4)
        return size if len(stream) >= at + size else None

    def _is_commit(self, message: bytes) -> bool:
        if self._starting:
            code = struct.unpack_from(">i", message, 4)[0] if len(message) >= 8 else 0  # noqa: PLR2004 (two integers)
            self._starting = code in _ENCRYPTION_REQUESTS
            return False
        if message[0] == _QUERY:
            return _is_statement(message[5:])
        return message[0] == _PARSE and _is_statement(message[5:].partition(b"\0")[2])


def _is_statement(body: bytes) -> bool:
    return body.partition(b"\0")[0].strip(b"; \n").upper() == _STATEMENT
