"""What PostgreSQL suffers besides kill and freeze: sessions ended, answers to COMMIT lost."""

import random
import signal

from altis.devstack.process import identity
from bench.torture.faults.base import Fault, Missed
from bench.torture.processes import send
from bench.torture.rig import Rig

_SESSIONS = 5
_MOST_COMMITS = 6


class EndSessions(Fault):
    """SIGTERM to random backends: that is what pg_terminate_backend() sends, and it needs no session itself."""

    def __init__(self) -> None:
        super().__init__("P2", "sessions terminated", target="postgres", weight=12)

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Five of them, or all that there are."""
        backends = sorted(rig.backends())
        victims = chance.sample(backends, min(_SESSIONS, len(backends)))
        ended = sum(send(victim, signal.SIGTERM) for pid in victims if (victim := identity(pid)))
        if not ended:
            raise Missed("no session")
        return f"{ended} of {len(backends)}"


class LoseCommits(Fault):
    """The client never learns what became of its COMMIT: either it got there, or it did not."""

    def __init__(self, *, deliver: bool, weight: int = 12) -> None:
        what = "answer to COMMIT lost" if deliver else "COMMIT lost"
        super().__init__("P3", what, target="postgres line", weight=weight, seconds=(1, 4))
        self._deliver = deliver

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """The next few, whoever sends them."""
        count = chance.randint(1, _MOST_COMMITS)
        rig.proxies["postgres"].lose_commits(count, deliver=self._deliver)
        return f"the next {count}"

    def evidence(self, rig: Rig) -> int:
        """COMMITs whose client was cut off."""
        counts = rig.proxies["postgres"].counts
        return counts["commits_lost"] + counts["commits_delivered_answer_lost"]

    def heal(self, rig: Rig) -> None:
        """No more."""
        rig.proxies["postgres"].heal()
