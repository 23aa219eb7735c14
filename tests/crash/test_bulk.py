"""A run over all orders of a cancelled flight whose worker is killed: the next goes on, nobody is refunded twice."""

import pytest

from altis.backoffice.models import BulkKind, BulkRun
from altis.backoffice.services.begin_bulk import begin_bulk
from altis.backoffice.services.work_bulk import resume_bulk
from altis.shared.actors import Actor
from catalog.models import Flight
from catalog.services.cancel_flight import cancel_flight
from orders.models import Order
from payments.models import Refund
from payments.services.pay import pay_order
from tests.crash.checks import contradictions, contradictions_at_rest
from tests.crash.forks import SIGKILL
from tests.crash.stage import Stage
from tests.payments.purchases import make_order
from tests.payments.simulators import wait_until

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ANA = Actor("staff", "usr_ana")
LEASE_SECONDS = 61.0


@pytest.fixture
def run(stage: Stage) -> BulkRun:
    """All three orders of a cancelled flight are to be refunded, and no worker has heard of it."""
    stage.open_flight(3)
    for order in [make_order(stage.actor) for _ in range(3)]:
        pay_order(order_id=order.pk, token="tok_visa", actor=stage.actor)
    flight = cancel_flight(flight_id=Flight.objects.get().pk, actor=ANA, reason="weather")
    return begin_bulk(kind=BulkKind.REFUND, flight_id=flight.pk, actor=ANA, reason="flight_cancelled")


def test_a_worker_that_is_killed_in_the_middle_of_an_order_is_followed_by_another(stage: Stage, run: BulkRun) -> None:
    child = stage.start("bulk", {}, point="give_back.before_commit", action="kill9")

    assert child.died_of() == SIGKILL
    stage.wait_until_locks_are_gone()
    assert (stage.struck(), Refund.objects.exists()) == (["give_back.before_commit kill9"], False)
    assert contradictions() == []
    assert resume_bulk() == 0, "it may live still"
    stage.clock.advance(LEASE_SECONDS)

    assert resume_bulk() == 3

    stage.repair()
    assert list(Order.objects.values_list("status", flat=True)) == ["CANCELLED"] * 3
    assert list(Refund.objects.values_list("status", flat=True)) == ["SUCCEEDED"] * 3
    assert contradictions_at_rest() == []


def test_two_live_workers_in_processes_of_their_own_share_no_order(stage: Stage, run: BulkRun) -> None:
    first = stage.start("bulk", {}, point="give_back.before_commit", action="hang")
    wait_until(stage.struck, 60)

    second = stage.start("bulk", {}, point="give_back.before_commit", action="hang")

    assert second.answer().said == "did 0"
    assert first.is_silent()
    stage.release()
    assert first.answer().said == "did 3"
    assert Refund.objects.count() == 3
    assert contradictions() == []
