"""What has happened, as frozen facts. Each app declares its own in `events.py`; the outbox carries them to Kafka."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from altis.shared.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of every event: the aggregate's id, and its version after the change. No personal data."""

    topic: ClassVar[str]
    type: ClassVar[str]

    subject: str
    sequence: int

    def payload(self) -> dict[str, Any]:
        """The event's own fields, ready for JSON."""
        names = [field.name for field in fields(self) if field.name not in ("subject", "sequence")]
        return {name: _plain(getattr(self, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.as_json() if isinstance(value, Money) else value
