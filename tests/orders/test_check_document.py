"""At the gate: a valid document is found by its barcode, a void one is refused, and a stranger's is none of ours."""

import pytest

from altis.shared.actors import Actor
from catalog.models import Flight
from orders.barcodes import InvalidBarcode
from orders.errors import DocumentVoided
from orders.models import Order
from orders.services.check_document import check_document
from orders.services.rebook import rebook
from orders.services.reissue import reissue
from tests.offers import market

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")


def test_every_document_of_an_issued_order_is_valid(premium: Order) -> None:
    documents = premium.documents.all()

    assert documents
    for document in documents:
        assert check_document(document.payload).pk == document.pk


def test_after_a_rebooking_the_old_ones_are_void(premium: Order, flight: Flight) -> None:
    old = [document.payload for document in premium.documents.all()]
    other = market.fly("101", day=market.soon(11))

    rebook(order_id=premium.pk, from_flight=flight.pk, to_flight=other.pk, actor=STAFF, reason="flight_cancelled")

    new = premium.documents.filter(voided_at__isnull=True)
    assert old
    assert new
    for payload in old:
        with pytest.raises(DocumentVoided):
            check_document(payload)
    for document in new:
        assert check_document(document.payload).pk == document.pk


def test_a_boarding_document_issued_anew_on_the_same_day_says_the_same_and_is_valid(premium: Order) -> None:
    old = premium.documents.get(type="boarding_document")

    reissue(order_id=premium.pk, actor=STAFF, reason="name_spelling")

    assert check_document(old.payload).pk == premium.documents.get(type="boarding_document", voided_at=None).pk


@pytest.mark.parametrize("payload", ["", "AV1.k.x.y", "M1TEST"])
def test_what_is_none_of_ours_is_refused(db: None, payload: str) -> None:
    with pytest.raises(InvalidBarcode):
        check_document(payload)
