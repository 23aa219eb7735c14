"""Telling the customer again where the documents are: a line in the history, and an e-mail by a worker."""

import pytest
from django.core import mail

from altis.privacy import keys
from altis.privacy.models import SubjectKey
from altis.shared.actors import Actor
from altis.store import jobs
from catalog.models import Flight
from orders.errors import OrderNotChangeable
from orders.models import Order
from orders.services.resend import mail_documents, resend
from orders.tasks import mail_documents as task
from tests.orders.books import contradictions
from tests.orders.trips import nothing_happens, offer_for, pay_up, place

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")


def test_it_is_written_down_and_a_worker_is_asked(fulfilled: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    hints: list[tuple[str, ...]] = []
    monkeypatch.setattr(jobs, "enqueue", lambda *hint: hints.append(hint))

    resend(order_id=fulfilled.pk, actor=STAFF, reason="not_received")

    last = fulfilled.events.last()
    assert last is not None
    assert (last.change, last.actor, last.reason) == ("resent", "staff:usr_1", "not_received")
    assert hints == [("orders.mail_documents", fulfilled.pk)]
    assert contradictions() == {}


def test_the_e_mail_names_the_booking_and_nobody(fulfilled: Order) -> None:
    task(fulfilled.pk)

    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["passenger@example.com"],
        f"Your documents for booking {fulfilled.reference}",
    )
    assert "http://localhost:8080/booking\n" in message.body
    assert "PASSENGER" not in message.body


@pytest.mark.django_db(transaction=True)
def test_nobody_is_written_to_without_documents_or_address(
    flight: Flight, owner_actor: Actor, fulfilled: Order
) -> None:
    unpaid = place(offer_for(), owner_actor)
    SubjectKey.objects.filter(subject=fulfilled.owner_id).delete()
    keys.forget(fulfilled.owner_id)

    assert [mail_documents(order_id) for order_id in (unpaid.pk, fulfilled.pk, "ord_1")] == [False, False, False]
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_was_erased_is_not_said_to_have_been_told(fulfilled: Order) -> None:
    SubjectKey.objects.filter(subject=fulfilled.owner_id).delete()
    keys.forget(fulfilled.owner_id)

    with nothing_happens(), pytest.raises(OrderNotChangeable, match="erased"):
        resend(order_id=fulfilled.pk, actor=STAFF, reason="not_received")


def test_an_order_without_documents_is_refused(flight: Flight, owner_actor: Actor) -> None:
    order = pay_up(place(offer_for(), owner_actor))

    with nothing_happens(), pytest.raises(OrderNotChangeable):
        resend(order_id=order.pk, actor=STAFF, reason="not_received")
