"""The checks that the beat asks for: gauges for the monitoring, a log line per violation."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from altis.celery import app
from altis.insight.runs import last_run
from altis.insight.services.report import Scope
from altis.insight.tasks import check_all, check_recent
from altis.shared.actors import Actor
from orders.models import Order
from tests.payments.purchases import make_order

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "analytics"])


def _gauge(number: str, scope: str) -> float | None:
    return REGISTRY.get_sample_value("altis_invariant_violations", {"invariant": number, "scope": scope})


@pytest.fixture
def order(owner_actor: Actor) -> Order:
    return make_order(owner_actor)


@pytest.mark.parametrize(("task", "scope"), [(check_recent, "recent"), (check_all, "everything")])
def test_a_violation_is_a_gauge_and_a_line_and_both_go_away(order: Order, task: Callable[[], int], scope: str) -> None:
    began = time.time()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total_minor = total_minor + 1")
    with capture_logs() as lines:
        assert task() == 1

    assert (_gauge("I13", scope), _gauge("I12", scope)) == (1.0, 0.0)
    assert (REGISTRY.get_sample_value("altis_invariants_checked_timestamp_seconds", {"scope": scope}) or 0) >= began
    [line] = [line for line in lines if line["log_level"] == "error"]
    assert (line["invariant"], line["found"], line["ids"], line["scope"]) == ("I13", 1, [order.pk], scope)
    kept = last_run(Scope(scope))
    assert kept is not None
    assert [(each["number"], each["found"], each["ids"]) for each in kept.broken] == [("I13", 1, [order.pk])]

    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total_minor = total_minor - 1")
    assert (task(), _gauge("I13", scope)) == (0, 0.0)
    after = last_run(Scope(scope))
    assert after is not None
    assert (after.broken, after.asked > 20) == ([], True)


def test_the_beat_asks_every_minute_and_by_night() -> None:
    schedule = app.conf.beat_schedule

    assert schedule["insight.check_recent"]["schedule"] == 60.0
    nightly = schedule["insight.check_all"]["schedule"]
    assert (str(nightly), str(app.conf.timezone)) == ("<crontab: 0 3 * * * (m/h/dM/MY/d)>", "UTC")
