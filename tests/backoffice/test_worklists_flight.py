"""A cancelled flight: all its orders are rebooked or refunded, one order a transaction, and no crash loses any."""

import re
from datetime import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from altis.backoffice.disruption import disrupted_flights, disrupted_orders, nearest_alternatives
from altis.backoffice.errors import NoSuchFlight, NothingDisrupted, RunGoingOn
from altis.backoffice.models import BulkItem, BulkKind, BulkRun
from altis.backoffice.services import work_bulk as bulk
from altis.backoffice.services.begin_bulk import begin_bulk
from altis.backoffice.services.work_bulk import resume_bulk, work_bulk
from altis.backoffice.worklists.counts import count_now
from altis.shared.actors import Actor
from altis.store.admin.readonly import instant
from altis.store.database import db_clock
from catalog.models import Flight
from catalog.services.cancel_flight import cancel_flight
from orders.admin.onward import called
from orders.models import Order
from payments.models import Refund
from payments.services.give_back import give_back
from tests.backoffice.conftest import Staff
from tests.clients import ApiClient
from tests.offers.market import fly, soon
from tests.payments.purchases import make_order
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "analytics"])
ANA = Actor("staff", "usr_ana")
WHY = "flight_cancelled"


@pytest.fixture
def orders(owner: ApiClient, owner_actor: Actor, gateway: Simulator) -> list[Order]:
    """Two paid orders and an unpaid one on a flight that was then cancelled."""
    made = [make_order(owner_actor) for _ in range(3)]
    for order in made[:2]:
        assert owner.pay(order.pk).status_code == 200
    cancel_flight(flight_id=Flight.objects.get().pk, actor=ANA, reason="weather")
    return made


@pytest.fixture
def flight(orders: list[Order]) -> Flight:
    return Flight.objects.get()


def _refund(flight: Flight) -> BulkRun:
    return begin_bulk(kind=BulkKind.REFUND, flight_id=flight.pk, actor=ANA, reason=WHY)


def _states(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.items.order_by("pk").values_list("state", "code"))


def test_paid_orders_of_a_cancelled_flight_are_work(orders: list[Order], flight: Flight) -> None:
    paid = [order.pk for order in orders[:2]]

    assert sorted(disrupted_orders().values_list("pk", flat=True)) == sorted(paid)
    assert list(disrupted_flights()) == [flight]
    assert count_now()["disrupted"] == 2


def test_a_flight_that_flies_has_no_work(orders: list[Order], flight: Flight) -> None:
    Flight.objects.update(cancelled_at=None)

    assert (disrupted_orders().count(), count_now()["disrupted"]) == (0, 0)
    with pytest.raises(NothingDisrupted):
        _refund(flight)
    assert BulkRun.objects.exists() is False


def test_all_orders_are_refunded(orders: list[Order], flight: Flight) -> None:
    run = _refund(flight)

    assert work_bulk(run_id=run.pk) == 2

    run.refresh_from_db()
    assert (_states(run), run.finished_at is not None) == ([("done", "")] * 2, True)
    statuses = Order.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["CANCELLED", "CANCELLED", "PROPOSED"]
    assert (Refund.objects.count(), count_now()["disrupted"]) == (2, 0)


def test_orders_that_fit_are_rebooked_and_the_others_stay_and_are_named(orders: list[Order], flight: Flight) -> None:
    other = fly("200", day=soon(11), seats=1)

    run = begin_bulk(kind=BulkKind.REBOOK, flight_id=flight.pk, to_flight_id=other.pk, actor=ANA, reason=WHY)
    work_bulk(run_id=run.pk)

    assert _states(run) == [("done", ""), ("refused", "sold_out")]
    assert [order.pk for order in disrupted_orders()] == [orders[1].pk]
    assert (other.inventory.get(product=None).sold, flight.inventory.get(product=None).sold) == (1, 1)


def test_a_second_run_of_a_flight_waits_for_the_first(orders: list[Order], flight: Flight) -> None:
    _refund(flight)

    with pytest.raises(RunGoingOn):
        _refund(flight)

    assert (BulkRun.objects.count(), BulkItem.objects.count()) == (1, 2)


def test_nobody_is_rebooked_to_a_flight_of_another_route(orders: list[Order], flight: Flight) -> None:
    elsewhere = fly("300", way=("LHR", "DUB"))

    with pytest.raises(NoSuchFlight):
        begin_bulk(kind=BulkKind.REBOOK, flight_id=flight.pk, to_flight_id=elsewhere.pk, actor=ANA, reason=WHY)

    assert BulkRun.objects.exists() is False


def test_a_run_may_go_to_a_flight_that_the_page_is_too_short_for(orders: list[Order], flight: Flight) -> None:
    others = [fly(f"{number}", day=soon(11), at=time(12, number - 200)) for number in range(200, 222)]

    shown = nearest_alternatives(flight)
    run = begin_bulk(kind=BulkKind.REBOOK, flight_id=flight.pk, to_flight_id=others[-1].pk, actor=ANA, reason=WHY)

    assert (len(shown), others[-1] in shown, run.to_flight_id) == (20, False, others[-1].pk)


def test_the_page_offers_flights_with_what_is_left_on_them(
    administrator: Client, orders: list[Order], flight: Flight
) -> None:
    page = f"/admin/worklists/flights/{flight.pk}/"
    full, free = fly("200", day=soon(11), seats=1, sold=1), fly("201", day=soon(11), at=time(11), seats=7)
    fly("202", day=soon(14))

    offered = administrator.get(page).context["to_flights"]

    assert re.findall(r'value="(flt_\w+)"[^>]*>([^<]+)<', offered) == [
        (full.pk, f"{called(full)} UTC, 0 seats left"),
        (free.pk, f"{called(free)} UTC, 7 seats left"),
    ]
    for nonsense in ("flt_none", "", "\0"):
        assert administrator.post(f"{page}rebook/", {"reason": WHY, "to_flight": nonsense}).status_code == 302
    assert BulkRun.objects.exists() is False


def test_a_worker_that_dies_between_two_orders_is_followed_by_another(
    orders: list[Order], flight: Flight, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, real = _refund(flight), give_back

    def dies_after(**order: Any) -> None:
        real(**order)
        raise SystemExit

    monkeypatch.setattr(bulk, "give_back", dies_after)
    with pytest.raises(SystemExit):
        work_bulk(run_id=run.pk)
    monkeypatch.undo()
    assert (_states(run), resume_bulk()) == ([("waiting", "")] * 2, 0)

    BulkRun.objects.update(taken_until=db_clock())
    assert resume_bulk() == 2

    assert (_states(run), Refund.objects.count()) == ([("done", "")] * 2, 2)


def test_an_order_that_breaks_does_not_keep_the_others(
    administrator: Client, orders: list[Order], flight: Flight, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, real = _refund(flight), give_back

    def breaks(**order: Any) -> None:
        if order["order_id"] == orders[0].pk:
            raise ZeroDivisionError
        real(**order)

    monkeypatch.setattr(bulk, "give_back", breaks)
    work_bulk(run_id=run.pk)

    assert _states(run) == [("refused", "failed"), ("done", "")]
    page = administrator.get(f"/admin/worklists/flights/{flight.pk}/").text
    refused = run.items.get(state="refused")
    assert f"{refused.detail} (failed, {instant(refused.done_at)} UTC)" in page


def test_the_page_begins_a_run_and_shows_how_far_it_is(
    administrator: Client, orders: list[Order], flight: Flight
) -> None:
    page = f"/admin/worklists/flights/{flight.pk}/"
    assert "Refund 2 orders" in administrator.get(page).text

    begun = administrator.post(f"{page}refund/", {"reason": WHY, "sure": "yes"}, follow=True).text
    run = BulkRun.objects.get()
    assert f'hx-get="/admin/worklists/runs/{run.pk}/" hx-trigger="every 1s"' in begun
    assert "Refund 2 orders" not in begun
    polled: Any = administrator.get(f"/admin/worklists/runs/{run.pk}/", headers={"HX-Request": "true"})
    assert ("0 of 2 orders" in polled.text, polled.has_header("HX-Refresh")) == (True, False)
    work_bulk(run_id=run.pk)

    polled = administrator.get(f"/admin/worklists/runs/{run.pk}/", headers={"HX-Request": "true"})
    ended = polled.text
    assert ("2 of 2 orders" in ended, "Finished." in ended, "hx-trigger" in ended) == (True, True, False)
    assert polled["HX-Refresh"] == "true"
    assert LogEntry.objects.get().change_message == "Refund all: flight_cancelled"
    assert "has been looked after" in administrator.get(page).text


@pytest.mark.parametrize("form", [{"reason": WHY}, {"reason": "because", "sure": "yes"}, {}])
def test_nothing_is_refunded_without_a_reason_and_a_tick(
    administrator: Client, orders: list[Order], flight: Flight, form: dict[str, str]
) -> None:
    reply = administrator.post(f"/admin/worklists/flights/{flight.pk}/refund/", form)

    assert (reply.status_code, BulkRun.objects.exists(), Refund.objects.exists()) == (302, False, False)


def test_who_may_only_look_begins_nothing(staff: Staff, orders: list[Order], flight: Flight) -> None:
    auditor, page = staff("Auditor"), f"/admin/worklists/flights/{flight.pk}/"

    replies = [auditor.post(f"{page}{kind}/", {"reason": WHY, "sure": "yes"}) for kind in ("refund", "rebook")]

    assert [reply.status_code for reply in replies] == [403, 403]
    assert "Refund 2 orders" not in auditor.get(page).text
    assert staff("Pricing analyst").get(page).status_code == 403
    assert BulkRun.objects.exists() is False
