"""Clears up after a run that was killed: its processes are recognised by their record and by their mark."""

import contextlib
import signal
from typing import Any

from altis.devstack.log import say
from altis.devstack.process import Identity, carriers, end_orphan, is_alive

_STOP_SECONDS = 8.0


def clear_leftovers(record: dict[str, Any]) -> int:
    """Stop what still runs of the stack that wrote `record`; how many processes that were."""
    stopped = 0
    for name, entry in record.get("processes", {}).items():
        with contextlib.suppress(KeyError, TypeError, ValueError):
            process = Identity(entry["pid"], entry["started"])
            if is_alive(process):
                say(name, f"process {process.pid} of a killed run is still there: stopping it")
                end_orphan(process, signal.Signals[entry["signal"]], _STOP_SECONDS)
                stopped += 1
    if run := record.get("run"):
        # Workers of a killed parent are in no record, but they inherited its mark.
        for process in list(carriers(str(run))):
            end_orphan(process, signal.SIGKILL, _STOP_SECONDS)
            stopped += 1
    return stopped
