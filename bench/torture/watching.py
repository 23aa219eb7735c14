"""How the rig watches its processes: a death is an everyday thing here, and no question may block the main thread."""

import threading
from collections.abc import Callable
from dataclasses import replace

from altis.devstack.unit import Plan

_BACK_OFF = (0.2, 0.5, 1.0)
_CALM_SECONDS = 5.0


def for_torture(plan: Plan) -> Plan:
    """The same process, asked in the background whether it is ready, and back soon after each death."""
    return replace(
        plan, is_ready=BackgroundQuestion(plan.is_ready), back_off=_BACK_OFF, calm_seconds=_CALM_SECONDS, first_lives=5
    )


class BackgroundQuestion:
    """Asks in a thread; while there is no answer yet, the answer is no."""

    def __init__(self, ask: Callable[[int], bool]) -> None:
        self._ask = ask
        self._yes: int | None = None  # the process that has answered
        self._thread: threading.Thread | None = None

    def __call__(self, pid: int) -> bool:
        """Whether this process has answered; begins to ask when nobody does."""
        if self._yes == pid:
            return True
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, args=(pid,), daemon=True)
            self._thread.start()
        return False

    def _run(self, pid: int) -> None:
        if self._ask(pid):
            self._yes = pid
