"""Orders at a desk: found, shown without names, moved through the services, never edited."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission
from django.test import Client

from altis.accounts.models import User
from altis.store.models import OutboxEvent
from catalog.models import Hold, Inventory
from orders.models import Document, Order, OrderEvent
from payments.models import Payment
from tests.backoffice.pages import page

pytestmark = pytest.mark.django_db(transaction=True)


def _address(order: Order, move: str = "change") -> str:
    return f"/admin/orders/order/{quote(order.pk)}/{move}/"


def _cancel(client: Client, order: Order, reason: str = "customer_request") -> int:
    return client.post(_address(order, "cancel"), {"reason": reason, "_form_submitted": "on"}).status_code


def _found(client: Client, term: str) -> list[Order]:
    return list(client.get(page(Order, "changelist"), {"q": term}).context["cl"].result_list)


@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_an_order_is_found_by_reference_and_by_id(
    looker: Client, proposed: Order, written: Callable[[str], str]
) -> None:
    terms = [proposed.reference, proposed.pk, proposed.offer_id, proposed.owner_id]

    assert [_found(looker, f" {written(term)} ") for term in terms] == [[proposed]] * 4
    assert _found(looker, "XXXXXX") == []


def test_an_order_shows_what_happened_and_nobody_s_name(looker: Client, fulfilled: Order) -> None:
    text = looker.get(_address(fulfilled)).text

    for shown in ("T••• P•••", "p•••, •••18", "offer accepted", "gateway succeeded", "documents issued"):
        assert shown in text
    assert fulfilled.attempts.get().pk in text
    for hidden in ("PASSENGER", "passenger@example.com", "442079460018", *_payloads(fulfilled)):
        assert hidden not in text


def _payloads(order: Order) -> list[str]:
    return [document.payload for document in Document.objects.filter(order=order)]


def test_staff_cancel_an_unpaid_order_and_its_seats_are_for_sale(administrator: Client, proposed: Order) -> None:
    assert "Cancel order" in administrator.get(_address(proposed)).text
    assert "The customer asked for it" in administrator.get(_address(proposed, "cancel")).text

    assert _cancel(administrator, proposed) == 302

    proposed.refresh_from_db()
    event = OrderEvent.objects.latest("sequence")
    staff = User.objects.get(is_superuser=True)
    assert (proposed.status, event.actor, event.reason) == ("CANCELLED", f"staff:{staff.pk}", "customer_request")
    assert set(Hold.objects.values_list("status", flat=True)) == {"RELEASED"}
    assert {row.held for row in Inventory.objects.all()} == {0}
    assert LogEntry.objects.get().get_change_message() == "CANCELLED: customer_request"


def test_a_reason_that_is_none_cancels_nothing(administrator: Client, proposed: Order) -> None:
    _cancel(administrator, proposed, reason="because Jane Doe said so")

    proposed.refresh_from_db()
    assert (proposed.status, proposed.version) == ("PROPOSED", 1)


def test_a_paid_order_is_not_cancelled_like_this(administrator: Client, fulfilled: Order) -> None:
    assert "Cancel order" not in administrator.get(_address(fulfilled)).text

    _cancel(administrator, fulfilled)

    fulfilled.refresh_from_db()
    assert (fulfilled.status, LogEntry.objects.count()) == ("FULFILLED", 0)
    assert "waits for its payment" in administrator.get(_address(fulfilled)).text


def test_an_order_is_archived_once_it_is_flown(administrator: Client, fulfilled: Order) -> None:
    answer = {"reason": "flown", "_form_submitted": "on"}
    administrator.post(_address(fulfilled, "archive"), answer)
    early = Order.objects.get().status

    Order.objects.update(arrives_at="2020-01-01T00:00:00Z")
    administrator.post(_address(fulfilled, "archive"), answer)

    assert (early, Order.objects.get().status) == ("FULFILLED", "ARCHIVED")


def test_who_may_only_look_moves_nothing(looker: Client, proposed: Order) -> None:
    assert "Cancel order" not in looker.get(_address(proposed)).text
    assert _cancel(looker, proposed) == 403

    proposed.refresh_from_db()
    assert proposed.status == "PROPOSED"


def test_the_right_to_move_orders_needs_the_right_to_see_them(newcomer: Client, proposed: Order) -> None:
    assert _cancel(newcomer, proposed) == 403
    assert Order.objects.get().status == "PROPOSED"


def test_an_order_that_is_none_is_not_found(administrator: Client, proposed: Order) -> None:
    proposed.pk = "ord_none"

    assert _cancel(administrator, proposed) == 404


def test_statuses_cannot_be_posted(administrator: Client, fulfilled: Order) -> None:
    rows = [fulfilled, Payment.objects.get(), OutboxEvent.objects.earliest("position"), Hold.objects.earliest("pk")]
    events = OutboxEvent.objects.count()

    for row in rows:
        for kind in ("change", "delete"):
            address = page(type(row), kind, quote(row.pk))
            assert administrator.post(address, {"status": "CANCELLED", "post": "yes"}).status_code == 403, address
        assert administrator.post(page(type(row), "add"), {"status": "PAID"}).status_code == 403

    fulfilled.refresh_from_db()
    assert (fulfilled.status, Payment.objects.get().status) == ("FULFILLED", "SUCCEEDED")
    assert OutboxEvent.objects.count() == events


def test_the_right_to_change_opens_no_form(looker: Client, proposed: Order) -> None:
    User.objects.get(is_staff=True).user_permissions.add(Permission.objects.get(codename="change_order"))

    assert looker.post(_address(proposed), {"status": "PAID", "bundle": "x"}).status_code == 403
    assert Order.objects.get().bundle == "premium"
