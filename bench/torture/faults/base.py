"""What every fault has: an id of the fault matrix (docs/reliability.md), a target, a strike and a healing."""

import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

if TYPE_CHECKING:
    from bench.torture.rig import Rig

_PATIENCE_SECONDS = 0.2  # the nemesis runs in the thread that restarts what dies


class Missed(Exception):
    """The strike found nothing to hit; nothing was done."""


class Fault(ABC):
    """One kind of fault. A nemesis never strikes a target that is still suffering, so one object holds one strike."""

    def __init__(
        self, code: str, title: str, *, target: str, weight: int = 10, seconds: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """`seconds`: how long it lasts before it is healed, from and to."""
        self.code, self.title, self.target = code, title, target
        self.weight, self.seconds = weight, seconds

    @property
    def name(self) -> str:
        """For the report."""
        return f"{self.code} {self.title}"

    @abstractmethod
    def strike(self, rig: "Rig", chance: random.Random) -> str:
        """Do it, in less than 0.3 s; returns particulars for the report. Raises Missed, OSError or RedisError."""
        ...

    def evidence(self, rig: "Rig") -> int | None:
        """A count that grows with every hit, for a fault that only lies in wait; None where striking is hitting."""
        return None

    def heal(self, rig: "Rig") -> None:  # noqa: B027  (many faults end by themselves)
        """End it."""

    def is_over(self, rig: "Rig") -> bool:
        """Whether what was hit works again."""
        return True


def valkey(rig: "Rig") -> redis.Redis:
    """A connection past the proxy that gives up at once."""
    return redis.Redis.from_url(
        rig.redis_url,
        socket_timeout=_PATIENCE_SECONDS,
        socket_connect_timeout=_PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
