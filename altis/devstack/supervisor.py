"""Watches the units: brings them up, keeps them up, takes them down in reverse, writes down what runs."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say
from altis.devstack.unit import Phase, Plan, Unit

_TICK_SECONDS = 0.03
_WATCH_SECONDS = 0.2


class Supervisor:
    """All units of one stack, in the order in which they were added."""

    def __init__(self, interrupt: Interrupt, record: Callable[[], None]) -> None:
        """`record` is called whenever a process begins or ends, so that a killed run can be cleared up after."""
        self.interrupt = interrupt
        self._record = record
        self._units: list[Unit] = []

    def add_held(self, plan: Plan) -> None:
        """A unit that stays down until it is released."""
        unit = Unit(plan, self._record)
        unit.held = True
        self._units.append(unit)

    def units(self) -> list[Unit]:
        """All, in the order in which they were added."""
        return list(self._units)

    def unit(self, name: str) -> Unit:
        """The unit of this name; raises KeyError when there is none."""
        for unit in self._units:
            if unit.plan.name == name:
                return unit
        raise KeyError(name)

    def bring_up(self, plans: Iterable[Plan]) -> None:
        """Start the units side by side and wait until each has answered; raises StackError or StopRequested."""
        fresh: list[Unit] = []
        for plan in plans:
            unit = Unit(plan, self._record)
            self._units.append(unit)
            fresh.append(unit)
            unit.start()
        while not all(unit.phase is Phase.UP for unit in fresh):
            self.interrupt.pause(_TICK_SECONDS)
            self.tick()

    def tick(self) -> None:
        """Look at every unit once."""
        for unit in self._units:
            unit.tick()

    def watch(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Keep everything up until `is_over`; raises StopRequested when a signal comes."""
        while not is_over():
            self.interrupt.pause(_WATCH_SECONDS)
            self.tick()

    def stop(self) -> None:
        """Stop everything, round by round; the units of a round go together, each within its own time."""
        started = time.monotonic()
        running = [unit for unit in self._units if unit.identity is not None]
        for round_number in sorted({unit.plan.stop_round for unit in self._units}):
            together = [unit for unit in reversed(self._units) if unit.plan.stop_round == round_number]
            for unit in together:
                unit.ask_to_stop()
            asked = time.monotonic()
            for unit in together:
                unit.see_off(max(0.0, asked + unit.plan.stop_seconds - time.monotonic()))
        self._units.clear()
        if running:
            say("stack", f"stopped {len(running)} processes in {time.monotonic() - started:.1f} s")

    def processes(self) -> dict[str, dict[str, Any]]:
        """What runs now, for the record: enough to recognise and stop each process later."""
        return {
            unit.plan.name: {
                "pid": unit.identity.pid,
                "started": unit.identity.started,
                "signal": unit.plan.stop_signal.name,
            }
            for unit in self._units
            if unit.identity is not None
        }
