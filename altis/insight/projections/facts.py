"""An event as the projections read it, from a CloudEvent of a topic or from a row of the outbox. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

_MOST_BYTES = 4 * 1024 * 1024
_LONGEST = 64  # characters of an id, a type or a subject
_MOST = 2**63 - 1


class Unreadable(Exception):
    """Not an event, or not of the shape that its type has. The text says why and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event: `at` is its own time in UTC, to the millisecond, `data` what its app has told."""

    id: str
    type: str
    topic: str
    subject: str
    sequence: int
    at: datetime
    data: dict[str, Any]

    @property
    def day(self) -> date:
        """The UTC day on which it happened."""
        return self.at.date()


def read(value: bytes | None, *, topic: str) -> Fact:
    """The event in a message of this topic; raises Unreadable."""
    if not value or len(value) > _MOST_BYTES:
        raise Unreadable("empty" if not value else "too large")
    try:
        event = orjson.loads(value)
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(event, dict):
        raise Unreadable("not an object")
    data, sequence = event.get("data"), event.get("sequence")
    if not isinstance(data, dict):
        raise Unreadable("no data")
    if type(sequence) is not int or not 0 <= sequence <= _MOST:
        raise Unreadable("no sequence")
    return Fact(
        id=_word(event, "id"),
        type=_word(event, "type"),
        topic=topic,
        subject=_word(event, "subject"),
        sequence=sequence,
        at=instant(event.get("time")),
        data=data,
    )


def instant(text: object) -> datetime:
    """An ISO 8601 instant with its offset, in UTC, to the millisecond; raises Unreadable."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        if found is None or found.tzinfo is None:
            raise Unreadable("no time")
        return whole_milliseconds(found.astimezone(UTC))
    except (ValueError, OverflowError):
        raise Unreadable("no time") from None


def whole_milliseconds(at: datetime) -> datetime:
    """The same instant as a message tells it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _word(event: dict[str, Any], name: str) -> str:
    word = event.get(name)
    if not isinstance(word, str) or not 0 < len(word) <= _LONGEST or "\x00" in word:
        raise Unreadable(f"no {name}")
    return word
