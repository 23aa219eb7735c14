"""A Celery worker that is ending comes to its end.

When it stops, Celery waits for its pool without a limit, also after an error of its own such as a Redis that takes no
writes. Whoever looks after the process sees it alive, and it does nothing any more. So a thread of the worker's own
gives it a while and then ends it: another is started, and what a task had not committed is done by the next sweep.
"""

import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any, Final

import structlog
from celery import bootsteps
from celery.worker import state

log = structlog.get_logger(__name__)
ASKED_SECONDS = 30.0  # what a container usually gets between SIGTERM and SIGKILL
BROKEN_SECONDS = 5.0
_LOOK_SECONDS: Final = 0.5
_RUNNING: Final = vars(bootsteps)["RUN"]  # its type stubs leave it out


def watch(sender: Any, **_: Any) -> None:
    """Begin to watch the worker whose consumer this is; for Celery's signal `worker_ready`."""
    threading.Thread(target=_watch, args=(sender.controller,), name="worker's end", daemon=True).start()


def _watch(worker: Any) -> None:
    while worker.blueprint.state == _RUNNING:
        time.sleep(_LOOK_SECONDS)
    asked = state.should_stop is not None or state.should_terminate is not None
    time.sleep(ASKED_SECONDS if asked else BROKEN_SECONDS)
    log.critical("worker does not come to its end, ending it", asked=asked)
    _end(worker)


def _end(worker: Any) -> None:
    """At once, and its pool with it: a child that outlived it would work beside that of the next one."""
    for child in getattr(getattr(worker.pool, "_pool", None), "_pool", ()):
        with suppress(OSError):
            os.kill(child.pid, signal.SIGKILL)
    os._exit(1)
