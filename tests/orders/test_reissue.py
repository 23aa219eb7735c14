"""Documents anew: what was issued before is void, at every door."""

import pytest

from altis.shared.actors import Actor
from altis.store.models import OutboxEvent
from catalog.models import Flight
from orders.errors import OrderNotChangeable
from orders.models import Order
from orders.services.fulfil import fulfil_order
from orders.services.reissue import reissue
from tests.clients import ApiClient
from tests.orders.books import contradictions
from tests.orders.trips import nothing_happens, offer_for, pay_up, place

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")


@pytest.fixture
def issued(flight: Flight, owner_actor: Actor) -> Order:
    return fulfil_order(pay_up(place(offer_for("adult", "child", bundle="premium"), owner_actor)).pk)


def test_every_document_is_replaced(issued: Order) -> None:
    before = list(issued.documents.values_list("pk", flat=True))

    again = reissue(order_id=issued.pk, actor=STAFF, reason="name_spelling")

    assert (again.status, again.version) == ("FULFILLED", issued.version + 1)
    valid = list(issued.documents.filter(voided_at__isnull=True))
    assert (len(valid), set(before) & {document.pk for document in valid}) == (len(before), set())
    assert [document.position for document in valid] == list(range(len(before), 2 * len(before)))
    assert contradictions() == {}


def test_it_is_told_by_whom_and_why(issued: Order) -> None:
    reissue(order_id=issued.pk, actor=STAFF, reason="name_spelling")

    event = OutboxEvent.objects.get(type="altis.order.reissued")
    last = issued.events.last()
    assert last is not None
    assert (last.pk, last.change, last.actor, last.reason) == (event.id, "reissued", "staff:usr_1", "name_spelling")


def test_a_void_document_is_not_shown_and_has_no_barcode(issued: Order, owner: ApiClient) -> None:
    old = issued.documents.first()
    assert old is not None

    reissue(order_id=issued.pk, actor=STAFF, reason="name_spelling")

    shown = {document["id"] for document in owner.get(f"/v1/orders/{issued.pk}/documents").json()["data"]}
    assert (old.pk in shown, len(shown)) == (False, issued.documents.count() // 2)
    assert {document["id"] for document in owner.get(f"/v1/orders/{issued.pk}").json()["documents"]} == shown
    reply = owner.get(f"/v1/documents/{old.pk}/barcode.svg")
    assert (reply.status_code, reply.json()["code"]) == (410, "document_voided")


def test_only_an_order_with_documents_gets_others(flight: Flight, owner_actor: Actor) -> None:
    unpaid, owed = place(offer_for(), owner_actor), pay_up(place(offer_for(), owner_actor))

    for order in (unpaid, owed):
        with nothing_happens(), pytest.raises(OrderNotChangeable):
            reissue(order_id=order.pk, actor=STAFF, reason="name_spelling")
