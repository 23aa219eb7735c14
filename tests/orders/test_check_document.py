"""At the gate: a valid document is found by its barcode, a void one is refused, and a stranger's is none of ours."""

import pytest

from altis.shared.actors import Actor
from catalog.models import Flight
from orders.barcodes import InvalidBarcode
from orders.errors import DocumentVoided
from orders.models import Order
from orders.services.check_document import check_document
from orders.services.fulfil import fulfil_order
from orders.services.rebook import rebook
from orders.services.reissue import reissue
from tests.offers import market
from tests.orders.trips import offer_for, pay_up, place

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")


@pytest.fixture
def issued(flight: Flight, owner_actor: Actor) -> Order:
    return fulfil_order(pay_up(place(offer_for(bundle="premium"), owner_actor)).pk)


def test_every_document_of_an_issued_order_is_valid(issued: Order) -> None:
    for document in issued.documents.all():
        assert check_document(document.payload).pk == document.pk


def test_after_a_rebooking_the_old_ones_are_void(issued: Order, flight: Flight) -> None:
    old = [document.payload for document in issued.documents.all()]
    other = market.fly("101", day=market.soon(11))

    rebook(order_id=issued.pk, from_flight=flight.pk, to_flight=other.pk, actor=STAFF, reason="flight_cancelled")

    for payload in old:
        with pytest.raises(DocumentVoided):
            check_document(payload)
    for document in issued.documents.filter(voided_at__isnull=True):
        assert check_document(document.payload).pk == document.pk


def test_a_boarding_document_issued_anew_on_the_same_day_says_the_same_and_is_valid(issued: Order) -> None:
    old = issued.documents.get(type="boarding_document")

    reissue(order_id=issued.pk, actor=STAFF, reason="name_spelling")

    assert check_document(old.payload).pk == issued.documents.get(type="boarding_document", voided_at=None).pk


@pytest.mark.parametrize("payload", ["", "AV1.k.x.y", "M1TEST"])
def test_what_is_none_of_ours_is_refused(db: None, payload: str) -> None:
    with pytest.raises(InvalidBarcode):
        check_document(payload)
