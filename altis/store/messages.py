"""Messages on their way to Kafka, and what became of each."""

from dataclasses import dataclass
from typing import Any, Final

from confluent_kafka import KafkaError

ERROR_LENGTH: Final = 200
# What the broker refuses however often it is tried. It refuses whole requests: the guilty one is found by trying alone.
_REFUSALS: Final = frozenset(
    (
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.RECORD_LIST_TOO_LARGE,
        KafkaError.INVALID_MSG,
        KafkaError.INVALID_MSG_SIZE,
        KafkaError.INVALID_RECORD,
        KafkaError.INVALID_TIMESTAMP,
        KafkaError.POLICY_VIOLATION,
        KafkaError.TOPIC_EXCEPTION,
    )
)


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way: topic, key (the aggregate's id), CloudEvents JSON and headers."""

    topic: str
    key: str
    value: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message: `sent`, `retry` (not confirmed) or `poison` (refused for good).

    To the producer itself also `refused`: by the broker, together with the rest of its request.
    """

    outcome: str
    error: str = ""

    @classmethod
    def of(cls, error: Any) -> "Receipt":
        """What an error of librdkafka's means for a message that was not alone in its request."""
        code = error.code() if isinstance(error, KafkaError) else None
        return cls("refused" if code in _REFUSALS else "retry", str(error)[:ERROR_LENGTH])

    @property
    def alone(self) -> "Receipt":
        """The same, for a message that was alone: a refusal was meant for it."""
        return Receipt("poison", self.error) if self.outcome == "refused" else self


SENT: Final = Receipt("sent")
UNCONFIRMED: Final = Receipt("retry", "not confirmed")
