"""Two clicks and two workers at the same moment: one run of a flight, and each of its orders asked for once."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from altis.backoffice.models import ONE_RUN_A_FLIGHT, BulkKind, BulkRun, SettledRow
from altis.backoffice.services import work_bulk as bulk
from altis.backoffice.services.begin_bulk import begin_bulk
from altis.backoffice.services.work_bulk import work_bulk
from altis.backoffice.worklists import failed_refunds
from altis.backoffice.worklists.failed_refunds import FAILED_REFUNDS
from altis.shared.actors import Actor
from catalog.models import Flight
from catalog.services.cancel_flight import cancel_flight
from orders.models import Order
from payments.models import Payment, Refund
from payments.services.give_back import give_back
from payments.services.resend_refund import resend_refund
from tests.backoffice.work import failed
from tests.clients import ApiClient
from tests.payments.purchases import make_order
from tests.payments.simulators import Simulator
from tests.races.threads import Runner, race

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "analytics"]), pytest.mark.race]
ANA = Actor("staff", "usr_ana")
_RUN = {command.name: command.run for command in FAILED_REFUNDS.commands}


@pytest.fixture
def flight(owner: ApiClient, owner_actor: Actor, gateway: Simulator) -> Flight:
    """Cancelled, with three paid orders."""
    cache.clear()
    for order in [make_order(owner_actor) for _ in range(3)]:
        assert owner.pay(order.pk).status_code == 200
    return cancel_flight(flight_id=Flight.objects.get().pk, actor=ANA, reason="weather")


@pytest.fixture
def unguarded() -> Iterator[None]:
    """Without the constraint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [ONE_RUN_A_FLIGHT])
        [definition] = cursor.fetchone()
        cursor.execute(f"DROP INDEX {ONE_RUN_A_FLIGHT}")
        yield
        cursor.execute("TRUNCATE backoffice_bulkrun CASCADE")
        cursor.execute(definition)


def _begin(flight: Flight) -> str:
    begin_bulk(kind=BulkKind.REFUND, flight_id=flight.pk, actor=ANA, reason="flight_cancelled")
    return "begun"


def test_of_many_clicks_one_begins_a_run(flight: Flight) -> None:
    told = race([Runner(lambda: _begin(flight)) for _ in range(4)])

    assert sorted(told) == ["begun", "run_going_on", "run_going_on", "run_going_on"]
    assert (BulkRun.objects.count(), BulkRun.objects.get().items.count()) == (1, 3)


def test_without_the_constraint_each_click_begins_one(flight: Flight, unguarded: None) -> None:
    assert race([Runner(lambda: _begin(flight)) for _ in range(4)]) == ["begun"] * 4


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The orders that the service was asked for."""
    orders: list[str] = []
    real = give_back

    def listening(**order: Any) -> Order:
        orders.append(order["order_id"])
        return real(**order)

    monkeypatch.setattr(bulk, "give_back", listening)
    return orders


def test_two_workers_share_no_order(flight: Flight, asked: list[str]) -> None:
    _begin(flight)
    run = BulkRun.objects.get()

    done = race([Runner(lambda: work_bulk(run_id=run.pk)) for _ in range(2)])

    assert (sorted(done), len(asked), len(set(asked))) == ([0, 3], 3, 3)
    assert set(Refund.objects.values_list("payment__order_id", flat=True)) == set(asked)


def test_workers_that_take_what_another_has_ask_twice_and_still_refund_once(
    flight: Flight, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(flight)
    run = BulkRun.objects.get()
    monkeypatch.setattr(bulk, "_take", lambda _run_id: True)

    race([Runner(lambda: work_bulk(run_id=run.pk)) for _ in range(2)])

    assert len(asked) > len(set(asked)) == 3
    assert Refund.objects.count() == 3
    assert list(run.items.values_list("state", flat=True)) == ["done"] * 3


@pytest.fixture
def payment(owner: ApiClient, owner_actor: Actor, gateway: Simulator) -> Payment:
    """Captured."""
    order = make_order(owner_actor)
    assert owner.pay(order.pk).status_code == 200
    return Payment.objects.get()


def _both(refund: Refund) -> list[Any]:
    """Two colleagues: one says that the money went by bank, the other sends it again."""
    by_bank, again = (partial(_RUN[name], refund.pk, ANA, "mistake") for name in ("settled", "send"))
    race([Runner(by_bank), Runner(again)])
    return [SettledRow.objects.filter(object_id=refund.pk).exists(), Refund.objects.get(pk=refund.pk).status]


def test_a_refund_is_settled_or_sent_again_and_never_both(payment: Payment) -> None:
    ends = [_both(failed(payment, cause=f"goodwill_{n}")) for n in range(8)]

    assert [end for end in ends if end not in ([True, "FAILED"], [False, "PENDING"])] == []


def test_asked_before_the_lock_it_would_be_both(payment: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, settled = threading.Event(), threading.Event()

    def early(*, check: Any, **refund: Any) -> Refund:
        check()
        asked.set()
        assert settled.wait(10)
        return resend_refund(**refund)

    def by_bank() -> None:
        assert asked.wait(10)
        _RUN["settled"](refund.pk, ANA, "bank_transfer")
        settled.set()

    refund = failed(payment)
    monkeypatch.setattr(failed_refunds, "resend_refund", early)
    race([Runner(by_bank), Runner(partial(_RUN["send"], refund.pk, ANA, "gateway_is_back"))])

    assert (SettledRow.objects.count(), Refund.objects.get().status) == (1, "PENDING")
