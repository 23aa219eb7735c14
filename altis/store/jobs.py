"""Hints to the workers, by name: services never import tasks. A lost hint costs a delay, never the work."""

import time
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu import pools
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)
# Whoever sends a hint has a customer waiting: a broker that is silent gets little time, and then a rest.
_PATIENCE = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
_REST_SECONDS = 5.0


def enqueue(task: str, *args: str) -> None:
    """Ask a worker to run `task` once the present transaction has committed."""
    transaction.on_commit(lambda: _sender.send(task, args), robust=True)


class _Sender:
    """Sends hints until the broker fails, and then none for a while: each would cost its caller the same wait."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def send(self, task: str, args: tuple[str, ...]) -> None:
        """Send one hint, or leave it to the periodic job."""
        if time.monotonic() < self._rests_until:
            return
        try:
            with _producers().acquire(block=True) as producer:
                current_app.send_task(task, args=args, retry=False, producer=producer)
        except (OperationalError, OSError) as error:
            self._rests_until = time.monotonic() + _REST_SECONDS
            log.warning("hint lost; the periodic job will do it", task=task, error=type(error).__name__)


def _producers() -> Any:
    return pools.producers[current_app.connection_for_write(transport_options=_PATIENCE)]


# One per process on purpose: it remembers that the broker was away.
_sender = _Sender()
