"""Work lists: what waits, since when and why, and a button for the next thing that does it or says why not."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from altis.backoffice.models import SettledRow
from altis.backoffice.navigation import sections
from altis.backoffice.worklists.counts import count_now, counts
from altis.backoffice.worklists.lists import LISTS
from altis.shared.clock import now
from altis.store.models import OutboxEvent
from orders.models import Order
from payments.lifecycle import PaymentStatus
from payments.models import Payment, Refund
from tests.backoffice.conftest import Staff
from tests.backoffice.roles import WHO, WORK
from tests.backoffice.work import checked, failed, press, said, stuck, unclear
from tests.payments.purchases import begin_and_confirm
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "analytics"])


@pytest.fixture
def paying(proposed: Order, gateway: Simulator) -> Payment:
    """The gateway has taken the money, and nobody here has heard it."""
    payment = begin_and_confirm(proposed)
    assert payment.intent_id
    return stuck(proposed)


def test_every_empty_list_says_so(administrator: Client) -> None:
    checked()
    for work in LISTS:
        page = administrator.get(f"/admin/worklists/{work.name}/").text
        assert work.empty.split(".")[0] in page.replace("&#x27;", "'"), work.name


def test_a_list_is_counted_in_one_way() -> None:
    work = LISTS[0]

    for way in ({"waiting": None}, {"count": int}):
        with pytest.raises(TypeError, match=work.name):
            replace(work, **way)


def test_all_lists_are_counted_by_one_query(paying: Payment) -> None:
    failed(paying)
    unclear()

    with CaptureQueriesContext(connection) as queries:
        found = count_now()

    assert len(queries) == 1
    assert found == {
        "disrupted": 0,
        "stuck-payments": 1,
        "failed-refunds": 1,
        "webhooks": 1,
        "gate-drift": None,
        "parked-events": 0,
    }


def test_badges_take_three_queries_at_most(administrator: Client, paying: Payment) -> None:
    checked()

    with CaptureQueriesContext(connection) as ours, CaptureQueriesContext(connections["analytics"]) as theirs:
        sections(RequestFactory().get("/admin/"))

    assert len(ours) + len(theirs) <= 3


def test_counts_are_remembered_until_something_is_done(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("altis.backoffice.worklists.counts._SECONDS", 600)
    unclear()
    assert counts()["webhooks"] == 1
    unclear("evt_2")
    unclear("evt_3")
    assert counts()["webhooks"] == 1

    press(administrator, "webhooks", "settled", "evt_1", "not_ours")

    assert counts()["webhooks"] == 2
    assert SettledRow.objects.get().object_id == "evt_1"


def test_a_stuck_payment_is_asked_about_and_decided(administrator: Client, paying: Payment) -> None:
    page = administrator.get("/admin/worklists/stuck-payments/").text
    assert "answer was lost, or is still open. Asked 7 times" in page

    reply = press(administrator, "stuck-payments", "ask", paying.pk, "customer_waits")

    assert said(reply) == ["The gateway has answered: payment succeeded."]
    paying.refresh_from_db()
    assert paying.status == PaymentStatus.SUCCEEDED
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.change_message) == (paying.pk, "Gateway asked: customer_waits")


def test_a_silent_gateway_leaves_the_payment_stuck_and_no_history(
    administrator: Client, paying: Payment, settings: Any
) -> None:
    settings.ALTIS_SIMULATOR_URL = "http://127.0.0.1:9"

    reply = press(administrator, "stuck-payments", "ask", paying.pk, "gateway_is_back")

    assert said(reply) == ["The gateway has not answered. The janitor goes on asking; try again in a while."]
    paying.refresh_from_db()
    assert (paying.status, paying.checks, LogEntry.objects.exists()) == (PaymentStatus.UNKNOWN, 8, False)


def test_a_decided_payment_is_not_asked_about_again(administrator: Client, fulfilled: Order) -> None:
    payment = fulfilled.attempts.get()

    reply = press(administrator, "stuck-payments", "ask", payment.pk, "customer_waits")

    assert said(reply) == ["The outcome of this payment is known already."]
    assert Payment.objects.get().version == payment.version
    assert LogEntry.objects.exists() is False


def test_a_failed_refund_is_sent_again(administrator: Client, fulfilled: Order) -> None:
    refund = failed(fulfilled.attempts.get())
    assert "The gateway refused it, after 3 tries." in administrator.get("/admin/worklists/failed-refunds/").text

    reply = press(administrator, "failed-refunds", "send", refund.pk, "cause_removed")

    assert said(reply) == ["The refund of 1.00 USD is on its way to the gateway."]
    refund.refresh_from_db()
    assert (refund.status, refund.attempts, count_now()["failed-refunds"]) == ("PENDING", 0, 0)


def test_a_refund_that_arrived_is_not_sent_again(administrator: Client, fulfilled: Order) -> None:
    refund = failed(fulfilled.attempts.get(), status="SUCCEEDED")

    reply = press(administrator, "failed-refunds", "send", refund.pk, "cause_removed")

    assert said(reply) == ["This refund needs nothing more."]
    assert (Refund.objects.get().status, LogEntry.objects.exists()) == ("SUCCEEDED", False)


def test_a_refund_whose_money_goes_back_by_another_one_is_not_sent_again(
    administrator: Client, fulfilled: Order
) -> None:
    payment = fulfilled.attempts.get()
    refund = failed(payment)
    failed(payment, cause="given_back", status="PENDING", amount_minor=payment.amount_minor)

    reply = press(administrator, "failed-refunds", "send", refund.pk, "cause_removed")

    assert said(reply) == ["The money goes back by another refund of this payment."]
    refund.refresh_from_db()
    assert refund.status == "FAILED"


def test_a_refund_paid_by_other_means_leaves_the_list_once(administrator: Client, fulfilled: Order) -> None:
    refund = failed(fulfilled.attempts.get())

    first, second = (
        said(press(administrator, "failed-refunds", "settled", refund.pk, "bank_transfer")) for _ in range(2)
    )

    assert first == ["The refund is off the list; its history tells why."]
    assert second == ["Somebody has settled this already."]
    row = SettledRow.objects.get()
    assert (row.kind, row.reason, row.actor.startswith("staff:")) == ("refund", "bank_transfer", True)
    assert (Refund.objects.get().status, LogEntry.objects.count()) == ("FAILED", 1)


def test_a_refund_paid_by_other_means_is_not_sent_as_well(administrator: Client, fulfilled: Order) -> None:
    refund = failed(fulfilled.attempts.get())
    press(administrator, "failed-refunds", "settled", refund.pk, "bank_transfer")

    reply = press(administrator, "failed-refunds", "send", refund.pk, "gateway_is_back")

    assert said(reply) == ["Somebody has settled this already."]
    assert (Refund.objects.get().status, LogEntry.objects.count()) == ("FAILED", 1)


@pytest.mark.parametrize("status", ["PENDING", "SUCCEEDED"])
def test_a_refund_that_the_gateway_may_pay_is_not_settled_by_hand(
    administrator: Client, fulfilled: Order, status: str
) -> None:
    refund = failed(fulfilled.attempts.get(), status=status, attempts=7)

    reply = press(administrator, "failed-refunds", "settled", refund.pk, "voucher")

    assert said(reply) == ["This row does not wait for anybody. Nothing was changed."]
    assert (SettledRow.objects.exists(), LogEntry.objects.exists()) == (False, False)


def test_a_refund_that_was_tried_often_is_on_the_list(fulfilled: Order) -> None:
    payment = fulfilled.attempts.get()
    failed(payment, status="PENDING", attempts=4)
    failed(payment, cause="other", status="PENDING", attempts=5)

    assert count_now()["failed-refunds"] == 1


def test_a_parked_event_is_tried_again(administrator: Client, proposed: Order) -> None:
    event = OutboxEvent.objects.order_by("position").first()
    assert event is not None
    OutboxEvent.objects.filter(pk=event.pk).update(parked_at=now(), error="MSG_SIZE_TOO_LARGE")
    assert "Kafka refused it: MSG_SIZE_TOO_LARGE." in administrator.get("/admin/worklists/parked-events/").text

    reply = press(administrator, "parked-events", "release", str(event.pk), "cause_removed")

    assert said(reply) == ["The relay sends the event again, and then what waits behind it."]
    event.refresh_from_db()
    assert (event.parked_at, event.error, LogEntry.objects.count()) == (None, "", 1)


def test_a_webhook_of_an_unknown_type_says_so(administrator: Client) -> None:
    unclear("evt_1", type="payment.teleported")

    assert "of a type that this release does not know" in administrator.get("/admin/worklists/webhooks/").text


@pytest.mark.parametrize(
    ("key", "reason"), [("evt_1", "because"), ("evt_1", ""), ("evt_9", "not_ours"), ("\x00", "not_ours")]
)
def test_a_button_without_a_row_or_a_reason_does_nothing(administrator: Client, key: str, reason: str) -> None:
    unclear()

    reply = press(administrator, "webhooks", "settled", key, reason)

    assert reply.status_code == 200
    assert (len(said(reply)), SettledRow.objects.exists(), LogEntry.objects.exists()) == (1, False, False)


def test_what_a_role_may_not_press_is_refused_and_does_nothing(staff: Staff, paying: Payment) -> None:
    auditor, nobody = staff("Auditor"), staff("staff without a role")
    page = auditor.get("/admin/worklists/stuck-payments/").text

    replies = [press(who, "stuck-payments", "ask", paying.pk, "customer_waits") for who in (auditor, nobody)]

    assert "Ask the gateway now" not in page
    assert [reply.status_code for reply in replies] == [403, 403]
    assert nobody.get("/admin/worklists/stuck-payments/").status_code == 403
    assert Payment.objects.get().status == PaymentStatus.UNKNOWN


def test_buttons_are_posted_and_unknown_ones_are_not_there(administrator: Client) -> None:
    assert administrator.get("/admin/worklists/webhooks/settled/").status_code == 405
    assert administrator.post("/admin/worklists/webhooks/explode/").status_code == 404
    assert administrator.get("/admin/worklists/explosions/").status_code == 404


@pytest.mark.parametrize("role", WHO)
def test_each_role_sees_its_lists(staff: Staff, role: str) -> None:
    reply: Any = staff(role).get("/admin/worklists/")

    assert {shown["link"] for shown in reply.context["lists"]} == {f"/admin/worklists/{name}/" for name in WORK[role]}
