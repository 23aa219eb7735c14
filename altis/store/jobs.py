"""Hints to the workers, by name: services never import tasks. A lost hint costs a delay, never the work."""

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue(task: str, *args: str) -> None:
    """Ask a worker to run `task` once the present transaction has committed."""
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: str, args: tuple[str, ...]) -> None:
    try:
        current_app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("hint lost; the periodic sweep will do it", task=task, error=type(error).__name__)
