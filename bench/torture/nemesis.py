"""The nemesis: strikes at random, by its seed, and heals what it has done."""

import random
import time
from collections.abc import Collection
from dataclasses import dataclass

import redis

from bench.torture.faults import all_faults
from bench.torture.faults.base import Fault, Missed
from bench.torture.rig import Rig

_HEALING_SECONDS = 60.0
_CONVALESCENTS = 2
_DRAWS = 30


@dataclass
class Strike:
    """One fault that struck. Times are seconds since the nemesis's first step; None: not healed yet."""

    at: float
    fault: str
    detail: str
    healed_at: float | None = None


@dataclass
class _Wound:
    fault: Fault
    strike: Strike
    ends_at: float
    hits_before: int | None
    is_healing: bool = False


class Nemesis:
    """Call `step` often from the rig's thread; it never takes longer than 0.3 s."""

    def __init__(
        self,
        rig: Rig,
        *,
        seed: int,
        every: tuple[float, float] = (0.5, 2.0),
        at_once: int = 2,
        only: Collection[str] | None = None,
    ) -> None:
        """Strikes each `every` seconds while fewer than `at_once` faults hold; `only` these codes, such as P1."""
        self.strikes: list[Strike] = []
        self._rig, self._seed, self._drawn = rig, seed, 0
        self._every, self._at_once = every, at_once
        self._faults = [fault for fault in all_faults() if only is None or fault.code in only]
        if not self._faults:
            raise ValueError(f"no fault has one of these codes: {sorted(only or ())}")
        self._wounds: list[_Wound] = []
        self._began: float | None = None
        self._next = 0.0

    @property
    def now_broken(self) -> list[str]:
        """The names of the faults that hold at present."""
        return [wound.strike.fault for wound in self._wounds]

    def step(self) -> None:
        """Heal what is due, then strike when it is time to."""
        now = self._now()
        for wound in list(self._wounds):
            self._tend(wound, now)
        if now >= self._next and self._has_room():
            self._strike(now)

    def heal_all(self) -> None:
        """No fault holds after this. Waits until what was hit works again, a minute at most."""
        for wound in self._wounds:
            wound.ends_at = 0.0
        self._rig.wait_for(self._is_healed, _HEALING_SECONDS)
        self._rig.heal()

    def _is_healed(self) -> bool:
        for wound in list(self._wounds):
            self._tend(wound, self._now())
        return not self._wounds

    def _has_room(self) -> bool:
        """A process that is only starting again does not keep others from being struck, unless there are many."""
        lasting = sum(not wound.is_healing for wound in self._wounds)
        return lasting < self._at_once and len(self._wounds) < self._at_once + _CONVALESCENTS

    def _strike(self, now: float) -> None:
        suffering = {wound.fault.target for wound in self._wounds}
        for _ in range(_DRAWS):
            fault, chance = self._draw()
            if fault.target not in suffering:
                break
        else:
            return
        self._next = now + chance.uniform(*self._every)
        lasts = chance.uniform(*fault.seconds)
        hits_before = fault.evidence(self._rig)
        try:
            detail = fault.strike(self._rig, chance)
        except (Missed, OSError, redis.RedisError):
            return  # for instance a command to a server that another fault has killed
        lasting = f"for {lasts:.1f} s" if lasts else ""
        strike = Strike(round(now, 2), fault.name, ", ".join(part for part in (detail, lasting) if part))
        self.strikes.append(strike)
        self._wounds.append(_Wound(fault, strike, now + lasts, hits_before))

    def _draw(self) -> tuple[Fault, random.Random]:
        """The next fault of this seed, and the chance that its particulars come from.

        Each draw has a chance of its own: whatever the run does with one, the next is the same.
        """
        self._drawn += 1
        chance = random.Random(f"{self._seed}/{self._drawn}")  # nosec B311 # repeatable on purpose
        return chance.choices(self._faults, [fault.weight for fault in self._faults])[0], chance

    def _tend(self, wound: _Wound, now: float) -> None:
        if now < wound.ends_at:
            return
        if not wound.is_healing:
            wound.is_healing = True
            wound.fault.heal(self._rig)
        if wound.fault.is_over(self._rig):
            wound.strike.healed_at = round(now, 2)
            self._wounds.remove(wound)
            self._count_hits(wound)

    def _count_hits(self, wound: _Wound) -> None:
        """A trap that nobody stepped into was no fault: it is not counted."""
        hits = wound.fault.evidence(self._rig)
        if hits is None or wound.hits_before is None:
            return
        if hits == wound.hits_before:
            self.strikes.remove(wound.strike)
        else:
            wound.strike.detail += f", hit {hits - wound.hits_before}"

    def _now(self) -> float:
        if self._began is None:
            self._began = time.monotonic()
        return time.monotonic() - self._began
