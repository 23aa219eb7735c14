"""Hints to the workers: sent after the commit, and never a reason to fail."""

import json
import socket
import time

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction
from redis import Redis
from structlog.testing import capture_logs

from altis.store import jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker() -> Redis:
    """The Redis database in which Celery queues."""
    queue = Redis.from_url(settings.CELERY_BROKER_URL)
    queue.flushdb()
    return queue


def test_a_hint_is_queued_by_name_once_the_transaction_has_committed(broker: Redis) -> None:
    with transaction.atomic():
        jobs.enqueue("orders.fulfil", "ord_1")
        assert broker.llen("celery") == 0

    [message] = broker.lrange("celery", 0, -1)
    headers = json.loads(message)["headers"]
    assert (headers["task"], headers["argsrepr"]) == ("orders.fulfil", "('ord_1',)")


def test_no_hint_of_what_was_rolled_back(broker: Redis) -> None:
    with transaction.atomic():
        jobs.enqueue("orders.fulfil", "ord_1")
        transaction.set_rollback(True)

    assert broker.llen("celery") == 0


def _use_broker(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{port}/0")
    elsewhere = Celery(set_as_current=False)
    elsewhere.config_from_object("django.conf:settings", namespace="CELERY")
    monkeypatch.setattr(jobs, "current_app", elsewhere)
    monkeypatch.setattr(jobs, "_sender", jobs._Sender())


def _hint(times: int) -> float:
    started = time.monotonic()
    for _ in range(times):
        with transaction.atomic():
            jobs.enqueue("orders.fulfil", "ord_1")
    return time.monotonic() - started


def test_a_lost_broker_does_not_fail_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    _use_broker(monkeypatch, port=1)

    with capture_logs() as lines:
        took = _hint(1)

    assert [(line["task"], line["log_level"]) for line in lines] == [("orders.fulfil", "warning")]
    assert took < 2


def test_a_silent_broker_costs_one_caller_a_moment_and_the_next_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        _use_broker(monkeypatch, port=silent.getsockname()[1])

        first, others = _hint(1), _hint(20)

    assert first < 1.5
    assert others < 0.3
