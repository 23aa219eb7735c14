"""What a check of the invariants found, for people, for programs and for an exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from altis.insight.invariants import Invariant
from altis.shared.clock import iso

MOST_IDS = 100


class Scope(StrEnum):
    """How much is looked at."""

    RECENT = "recent"  # what changed in the last ten minutes
    EVERYTHING = "everything"


class State(StrEnum):
    """What became of one invariant."""

    HOLDS = "holds"
    VIOLATED = "violated"
    NOT_ASKED = "not_asked"  # somebody did not answer: PostgreSQL in time, Redis, or the gateway


@dataclass(frozen=True, slots=True)
class Finding:
    """What one invariant's query found: how many things contradict it, and the first hundred of their ids."""

    invariant: Invariant
    found: int | None
    ids: Sequence[str] = ()
    seconds: float = 0.0

    @property
    def state(self) -> State:
        """HOLDS, VIOLATED or NOT_ASKED."""
        if self.found is None:
            return State.NOT_ASKED
        return State.VIOLATED if self.found else State.HOLDS

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "number": self.invariant.number,
            "title": self.invariant.title,
            "kind": self.invariant.kind.value,
            "state": self.state.value,
            "found": self.found,
            "ids": list(self.ids),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """One check. `as_of` is the database's clock just before the snapshot was taken."""

    scope: Scope
    quiesced: bool
    as_of: datetime
    seconds: float
    findings: Sequence[Finding]

    @property
    def violated(self) -> list[Finding]:
        """What does not hold."""
        return [finding for finding in self.findings if finding.state == State.VIOLATED]

    @property
    def exit_code(self) -> int:
        """0 when all was asked and holds, 1 when anything is violated, 2 when a part could not be asked."""
        if self.violated:
            return 1
        return 2 if any(finding.state == State.NOT_ASKED for finding in self.findings) else 0

    def as_json(self) -> dict[str, Any]:
        """The shape that docs/reliability.md describes."""
        return {
            "scope": self.scope.value,
            "quiesced": self.quiesced,
            "as_of": iso(self.as_of),
            "seconds": round(self.seconds, 3),
            "exit_code": self.exit_code,
            "invariants": [finding.as_json() for finding in self.findings],
        }
