"""What staff do to an order: a reason, a right, a row in the history; and a refusal that leaves nothing behind."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.test import Client

from altis.accounts.models import Reveal, User
from catalog.models import Flight
from orders.models import Document, Order, OrderEvent
from payments.models import Payment, Refund
from tests.backoffice.conftest import Staff
from tests.offers import market

pytestmark = pytest.mark.django_db(transaction=True)
BY_HTMX = {"HX-Request": "true"}
REASON = "The airport cannot read the passenger's print"


def _press(client: Client, order: Order, button: str, **answers: str) -> Any:
    address = f"/admin/orders/order/{quote(order.pk)}/{button}/"
    return client.post(address, {"_form_submitted": "on", **answers}, headers=BY_HTMX)


def _page(client: Client, order: Order) -> str:
    text: str = client.get(f"/admin/orders/order/{quote(order.pk)}/change/").text
    return text


def _last() -> tuple[str, str, str]:
    event = OrderEvent.objects.filter(actor__startswith="staff:").latest("sequence")
    return event.change or event.to_status, event.actor.split(":")[0], event.reason


def test_an_agent_extends_a_hold(proposed: Order, staff: Staff) -> None:
    reply = _press(staff("Customer agent"), proposed, "extend", minutes="15", reason="payment_trouble")

    until = Order.objects.get().expires_at
    assert (reply.status_code, reply["HX-Redirect"]) == (200, f"/admin/orders/order/{quote(proposed.pk)}/change/")
    assert (until - proposed.expires_at).total_seconds() == 15 * 60
    assert _last() == ("extended", "staff", "payment_trouble")
    assert LogEntry.objects.get().get_change_message() == "extended: payment_trouble"


def test_a_third_extension_is_refused_in_the_words_of_the_service(proposed: Order, staff: Staff) -> None:
    agent = staff("Customer agent")

    for _ in range(3):
        _press(agent, proposed, "extend", minutes="10", reason="customer_request")

    assert "extended 2 times already" in _page(agent, proposed)
    assert (OrderEvent.objects.filter(change="extended").count(), LogEntry.objects.count()) == (2, 2)


def test_all_of_the_money_goes_back_and_the_order_ends(fulfilled: Order, staff: Staff) -> None:
    _press(staff("Finance"), fulfilled, "refund", how="all", reason="service_not_provided")

    refund = Refund.objects.get()
    assert (Order.objects.get().status, refund.amount) == ("CANCELLED", fulfilled.total)
    assert _last() == ("CANCELLED", "staff", "service_not_provided")
    assert not Document.objects.filter(voided_at__isnull=True).exists()


def test_a_part_of_the_money_goes_back_and_the_order_stays(fulfilled: Order, staff: Staff) -> None:
    _press(staff("Customer agent"), fulfilled, "refund", how="part", amount="12.50", reason="goodwill")

    assert (Order.objects.get().status, str(Refund.objects.get().amount)) == ("FULFILLED", "12.50 USD")


def test_who_gives_money_back_is_told_how_much_has_gone_already(fulfilled: Order, staff: Staff) -> None:
    clerk, address = staff("Finance"), f"/admin/orders/order/{quote(fulfilled.pk)}/refund/"

    before = clerk.get(address, headers=BY_HTMX).text
    _press(clerk, fulfilled, "refund", how="part", amount="12.50", reason="goodwill")
    after = clerk.get(address, headers=BY_HTMX).text

    assert f"The order cost {fulfilled.total}." in before
    assert f"The order cost {fulfilled.total}, 12.50 USD went back already." in after


def test_a_payment_that_could_not_be_used_is_no_part_of_what_went_back(fulfilled: Order, staff: Staff) -> None:
    paid = Payment.objects.get()
    other = Payment.objects.get()
    other.pk, other.status, other.intent_id = "pay_unusable", "REFUNDED", None
    other.save(force_insert=True)
    amount = {"amount_minor": paid.amount_minor, "currency": paid.currency}
    Refund.objects.create(payment=other, cause="unusable", status="SUCCEEDED", attempt_at=paid.created_at, **amount)

    text = staff("Finance").get(f"/admin/orders/order/{quote(fulfilled.pk)}/refund/", headers=BY_HTMX).text

    assert f"The order cost {fulfilled.total}." in text


def test_no_order_has_no_money_to_give_back(db: None, staff: Staff) -> None:
    clerk, reason = staff("Finance"), "goodwill"

    for answers in ({"how": "all"}, {"how": "part", "amount": "12.50"}):
        address = "/admin/orders/order/ord_5Fnone/refund/"
        assert clerk.post(address, {"_form_submitted": "on", "reason": reason, **answers}).status_code == 404


def test_an_answer_that_is_sent_twice_moves_the_money_once(fulfilled: Order, staff: Staff) -> None:
    clerk = staff("Finance")
    asked = clerk.get(f"/admin/orders/order/{quote(fulfilled.pk)}/refund/", headers=BY_HTMX).text
    answers = {"how": "part", "amount": "12.50", "reason": "goodwill", "seen": str(fulfilled.version)}

    for _ in range(2):
        _press(clerk, fulfilled, "refund", **answers)

    assert f'name="seen" value="{fulfilled.version}"' in asked
    assert "Read it again" in _page(clerk, fulfilled)
    assert (Refund.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_an_amount_that_is_none_moves_no_money(fulfilled: Order, staff: Staff) -> None:
    clerk = staff("Finance")
    answers = [{"how": "part", "amount": amount} for amount in ("", "-1", "0", "NaN", "1.001", "99999999")]

    for answer in (*answers, {"how": "all", "amount": "12.50"}, {"how": "none"}):
        assert _press(clerk, fulfilled, "refund", reason="goodwill", **answer).status_code == 200, answer

    assert (Order.objects.get().status, Refund.objects.count()) == ("FULFILLED", 0)
    assert LogEntry.objects.count() == 0


def test_travellers_are_moved_to_another_flight(fulfilled: Order, staff: Staff) -> None:
    agent, old = staff("Customer agent"), Flight.objects.get()
    new = market.fly("102", day=market.soon(11))

    asked = agent.get(f"/admin/orders/order/{quote(fulfilled.pk)}/rebook/", headers=BY_HTMX).text
    _press(agent, fulfilled, "rebook", from_flight=old.pk, to_flight=new.pk, reason="flight_cancelled")

    assert f'value="{new.pk}"' in asked
    assert _last() == ("rebooked", "staff", "flight_cancelled")
    assert set(
        Order.objects.get().items.filter(status="CONFIRMED", flight__isnull=False).values_list("flight", flat=True)
    ) == {new.pk}
    assert Order.objects.get().total == fulfilled.total
    assert "all lines add up" in _page(agent, fulfilled)


def test_documents_are_issued_anew_and_the_old_are_void(fulfilled: Order, staff: Staff) -> None:
    agent, before = staff("Customer agent"), set(Document.objects.values_list("pk", flat=True))

    _press(agent, fulfilled, "reissue", reason="unreadable_barcode")

    void = Document.objects.filter(voided_at__isnull=False)
    assert set(void.values_list("pk", flat=True)) == before
    assert Document.objects.filter(voided_at__isnull=True).count() == len(before)
    assert _last() == ("reissued", "staff", "unreadable_barcode")


def test_the_customer_is_told_again(fulfilled: Order, staff: Staff) -> None:
    agent = staff("Customer agent")

    assert _press(agent, fulfilled, "resend", reason="not_received").status_code == 200

    assert _last() == ("resent", "staff", "not_received")
    assert "resent" in _page(agent, fulfilled)


def test_what_the_status_does_not_allow_is_neither_offered_nor_done(proposed: Order, administrator: Client) -> None:
    Order.objects.update(status="EXPIRED", version=7)
    events, flight = OrderEvent.objects.count(), Flight.objects.get().pk
    answers = {"minutes": "10", "how": "all", "from_flight": flight, "to_flight": flight, "amount": ""}
    buttons = ("extend", "cancel", "archive", "refund", "rebook", "reissue", "resend")

    for button in buttons:
        for reason in ("customer_request", "flown", "lost_documents"):
            assert _press(administrator, proposed, button, reason=reason, **answers).status_code == 200

    assert [button for button in buttons if f"{quote(proposed.pk)}/{button}/" in _page(administrator, proposed)] == []
    assert (Order.objects.get().version, OrderEvent.objects.count(), LogEntry.objects.count()) == (7, events, 0)


def test_barcodes_are_drawn_once_it_is_written_down_who_looks(fulfilled: Order, staff: Staff) -> None:
    reply = _press(staff("Customer agent"), fulfilled, "barcodes", reason=REASON)

    assert reply.text.count("<svg") == Document.objects.count()
    assert "no-store" in reply["Cache-Control"]
    row = Reveal.objects.get()
    assert (row.object_id, row.actor, row.reason) == (fulfilled.pk, User.objects.get(is_staff=True), REASON)


def test_without_a_reason_no_barcode_is_drawn(fulfilled: Order, staff: Staff) -> None:
    replies = [_press(staff("Customer agent"), fulfilled, "barcodes"), _press(staff("Finance"), fulfilled, "barcodes")]

    assert [reply.status_code for reply in replies] == [200, 403]
    assert "<svg" not in replies[0].text
    assert not Reveal.objects.exists()


def test_a_dialog_is_a_piece_for_htmx_and_a_page_for_a_tab(administrator: Client, proposed: Order) -> None:
    for button in ("cancel", "extend", "reveal"):
        address = f"/admin/orders/order/{quote(proposed.pk)}/{button}/"
        piece, whole = administrator.get(address, headers=BY_HTMX).text, administrator.get(address).text

        assert [text.count('id="dialog"') for text in (piece, whole)] == [1, 1]
        assert ["<html" in text for text in (piece, whole)] == [False, True]
        assert ['href="../change/"' in text for text in (piece, whole)] == [False, True]
        assert "/admin/orders/order/" in whole
