"""Processes killed, frozen, kept down, or run twice."""

import random
import signal
import time

from altis.devstack.process import identity
from bench.torture.faults.base import Fault, Missed
from bench.torture.processes import children, send
from bench.torture.rig import Rig

_IMPORT_SECONDS = 2.0


class KillUnit(Fault):
    """kill -9; the supervisor starts it again."""

    def __init__(self, code: str, unit: str, *, weight: int = 10) -> None:
        super().__init__(code, f"kill -9 {unit}", target=unit, weight=weight)
        self._unit = unit
        self._victim: int | None = None

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """The whole unit."""
        self._victim = rig.pid(self._unit)
        if self._victim is None:
            raise Missed(f"{self._unit} is down")
        rig.kill(self._unit)
        return f"process {self._victim}"

    def is_over(self, rig: Rig) -> bool:
        """Started again, and it answers."""
        return rig.pid(self._unit) != self._victim and rig.is_up(self._unit)


class KillChild(Fault):
    """kill -9 to one child of a pre-forking unit: whoever is in the middle of a request or a job."""

    def __init__(self, code: str, unit: str, *, weight: int = 10) -> None:
        super().__init__(code, f"kill -9 one {unit} process", target=unit, weight=weight)
        self._unit, self._count, self._ready_at = unit, 0, 0.0

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Any one of them."""
        found = rig.api_workers() if self._unit == "api" else [one.pid for one in children(rig.pid(self._unit) or -1)]
        victim = identity(chance.choice(sorted(found))) if found else None
        self._count = len(found)
        if victim is None or not send(victim, signal.SIGKILL):
            raise Missed(f"{self._unit} has no children")
        self._ready_at = time.monotonic() + _IMPORT_SECONDS
        return f"process {victim.pid}"

    def is_over(self, rig: Rig) -> bool:
        """As many as before, and time enough for the new one to read its program."""
        found = rig.api_workers() if self._unit == "api" else children(rig.pid(self._unit) or -1)
        return time.monotonic() >= self._ready_at and rig.is_up(self._unit) and len(found) >= self._count


class FreezeUnit(Fault):
    """SIGSTOP to a unit and all below it, then SIGCONT."""

    def __init__(self, code: str, unit: str, *, seconds: tuple[float, float], weight: int = 10) -> None:
        super().__init__(code, f"{unit} frozen", target=unit, weight=weight, seconds=seconds)
        self._unit = unit

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """In the middle of whatever it does."""
        if rig.pid(self._unit) is None:
            raise Missed(f"{self._unit} is down")
        rig.freeze(self._unit)
        return ""

    def heal(self, rig: Rig) -> None:
        """It goes on as if nothing had been."""
        rig.thaw(self._unit)

    def is_over(self, rig: Rig) -> bool:
        """It has not been replaced, or its successor answers."""
        return rig.is_up(self._unit)


class FreezeApiWorker(Fault):
    """One API process sleeps through deadlines and then goes on, perhaps with a confirmation that came too late."""

    _KEY = "an API worker"

    def __init__(self) -> None:
        super().__init__("A8", "one api process frozen", target="api", weight=6, seconds=(3, 14))

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Any one of them."""
        workers = sorted(rig.api_workers())
        if not workers:
            raise Missed("api is down")
        victim = chance.choice(workers)
        rig.freezer.freeze(self._KEY, victim)
        return f"process {victim}"

    def heal(self, rig: Rig) -> None:
        """It goes on where it was."""
        rig.freezer.thaw(self._KEY)


class KeepDown(Fault):
    """kill -9, and no restart for a while."""

    def __init__(self, code: str, unit: str, *, seconds: tuple[float, float], weight: int = 10) -> None:
        super().__init__(code, f"{unit} down", target=unit, weight=weight, seconds=seconds)
        self._unit = unit

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Gone."""
        rig.hold(self._unit)
        return ""

    def heal(self, rig: Rig) -> None:
        """Back."""
        rig.release(self._unit)

    def is_over(self, rig: Rig) -> bool:
        """It answers."""
        return rig.is_up(self._unit)


class RunTwice(Fault):
    """A second one of a kind of which one is meant to run."""

    def __init__(self, code: str, unit: str, twin: str, *, weight: int = 5) -> None:
        super().__init__(code, f"two {unit}s at once", target=twin, weight=weight, seconds=(6, 12))
        self._twin = twin

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """Start it."""
        rig.release(self._twin)
        return f"process {rig.pid(self._twin)}"

    def heal(self, rig: Rig) -> None:
        """Kill it."""
        rig.hold(self._twin)
