"""Who does something, and why: the two facts that every history row carries."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a guest or a user (by id), a member of staff, or one of our own jobs."""

    kind: Literal["guest", "user", "staff", "system"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who moved something, and why, in a stable word such as `customer_cancelled`."""

    actor: Actor
    reason: str


def system(job: str, reason: str) -> Cause:
    """The cause of what one of our own jobs does."""
    return Cause(Actor("system", job), reason)
