"""What a judge says of one rule: how much was looked at, and what broke it, with its evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.torture.history import Call


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that cannot be, and the requests or rows that show it."""

    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule by its number and its sentence; `looked_at` counts what it was held against, None meaning everything."""

    number: str
    title: str
    looked_at: int | None
    violations: tuple[Violation, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing broke it."""
        return not self.violations


def shown(calls: Iterable[Call]) -> tuple[str, ...]:
    """Requests as evidence: when, who, what, under which key, and what came back."""
    return tuple(
        f"{call.begun:.3f}-{call.ended:.3f} {call.customer} {call.method} {call.path} key={call.key or '-'}"
        f" {call.token} -> {call.status or call.error} {call.code} {call.state} sha={call.sha[:8]}"
        f"{' replayed' if call.replayed else ''}"
        for call in calls
    )
