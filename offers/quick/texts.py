"""Pieces of JSON, rendered once and put together. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

from offers.presenting import amount

# Stands for what is known only when a search is answered. No JSON has it: control characters are escaped.
OWN = "\x01"
_FEWEST = 2  # places of a form


class Form:
    """A text with places to be filled in. `places` says, in order, what each `OWN` in the text stands for."""

    __slots__ = ("_pick", "_pieces", "size")

    def __init__(self, text: str, places: tuple[str, ...]) -> None:
        """Raises ValueError when there is another number of places in the text, or less than two."""
        encoded = text.encode()
        pieces = encoded.split(OWN.encode())
        if len(pieces) != len(places) + 1 or len(places) < _FEWEST:
            raise ValueError("as many places as the text has")
        self._pick = itemgetter(*places)
        self._pieces = [b""] * (2 * len(pieces) - 1)
        self._pieces[::2] = pieces
        self.size = len(encoded)

    def filled(self, own: Mapping[str, bytes]) -> bytes:
        """The text with each place filled in."""
        parts = self._pieces.copy()
        parts[1::2] = self._pick(own)
        return b"".join(parts)


def quoted(value: Any) -> str:
    """Any value as JSON."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()


def listed(parts: Iterable[str]) -> str:
    """A JSON array of what is JSON already."""
    return f"[{','.join(parts)}]"


@lru_cache(4096)
def price(minor: int, currency: str) -> str:
    """An amount as the API shows it."""
    return f'{{"amount":"{amount(minor, currency)}","currency":"{currency}"}}'


@lru_cache(4096)
def decimal(points: int) -> str:
    """Ten-thousandths as a decimal: `-0.1350`."""
    whole, rest = divmod(abs(points), 10_000)
    return f"{'-' if points < 0 else ''}{whole}.{rest:04d}"


def instant(milliseconds: int) -> bytes:
    """Milliseconds since 1970 as `altis.shared.clock.iso` writes them."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_second(seconds)}.{rest:03d}Z".encode()


@lru_cache(8)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
