"""Accept and reject: once, in time, and never both."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from altis.shared.actors import Actor, Cause
from altis.shared.lifecycle import IllegalMove
from altis.store.models import OutboxEvent
from altis.store.transition import conclude
from offers.documents import OfferDocument, SearchDocument, new_search_id
from offers.errors import OfferAlreadyAccepted, OfferCancelled, OfferExpired, OfferNotFound
from offers.lifecycle import OfferStatus
from offers.models import Offer
from offers.selectors import offer_for, open_offer, refuse_decided
from offers.services.claim import claim_offer
from offers.services.reject import reject_offer
from tests.conftest import Later
from tests.offers.builders import offer, shelve

pytestmark = pytest.mark.django_db
GUEST = Actor("guest", "gst_1")
CAUSE = Cause(Actor("user", "usr_1"), "customer_accepted")


def _shelved(seconds: int = 900) -> OfferDocument:
    id = new_search_id()
    now = datetime.now(UTC).replace(microsecond=0)
    made = offer(search_id=id, created_at=now, seconds=seconds)
    shelve(SearchDocument(id, now, now + timedelta(seconds=seconds), (made,)), ttl_seconds=4_000)
    return made


def _claim(document: OfferDocument) -> Offer:
    with transaction.atomic():
        return claim_offer(document=document, cause=CAUSE)


def test_a_claimed_offer_is_kept_as_it_was_shown_and_announced() -> None:
    document = _shelved()

    row = _claim(document)

    assert (row.status, row.version, row.total.minor) == ("ACCEPTED", 1, 50_100)
    assert offer_for(document.id) == (document, OfferStatus.ACCEPTED)
    event = OutboxEvent.objects.get()
    assert (event.topic, event.type, event.subject) == ("altis.offers", "altis.offer.accepted", document.id)
    assert event.payload == {
        "search_id": document.search_id,
        "bundle": "comfort",
        "rank": 1,
        "total": {"amount": "501.00", "currency": "USD"},
    }


def test_an_offer_is_first_written_when_it_is_decided() -> None:
    row = Offer.of(offer())

    with pytest.raises(IllegalMove):
        conclude(row, "ACTIVE", cause=CAUSE)

    assert not Offer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_decision_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        claim_offer(document=offer(), cause=CAUSE)

    assert not Offer.objects.exists()


def test_a_row_that_breaks_a_constraint_is_no_lost_race() -> None:
    row = Offer.of(offer(seconds=0))

    with pytest.raises(IntegrityError):
        conclude(row, "ACCEPTED", cause=CAUSE)


def test_an_offer_is_accepted_once() -> None:
    document = _shelved()
    _claim(document)

    with pytest.raises(OfferAlreadyAccepted):
        _claim(document)
    with pytest.raises(OfferAlreadyAccepted):
        reject_offer(offer_id=document.id, actor=GUEST)

    assert OutboxEvent.objects.count() == 1


def test_a_rejected_offer_stays_rejected() -> None:
    document = _shelved()

    first = reject_offer(offer_id=document.id, actor=GUEST)
    second = reject_offer(offer_id=document.id, actor=GUEST)

    assert (first.status, second.status, first.pk) == ("CANCELLED", "CANCELLED", second.pk)
    with pytest.raises(OfferCancelled):
        _claim(document)
    assert offer_for(document.id)[1] == OfferStatus.CANCELLED
    assert [event.type for event in OutboxEvent.objects.all()] == ["altis.offer.rejected"]


def test_the_databases_clock_ends_an_offer(later: Later) -> None:
    document = _shelved(seconds=900)
    later(901)

    with pytest.raises(OfferExpired):
        _claim(document)
    with pytest.raises(OfferExpired):
        reject_offer(offer_id=document.id, actor=GUEST)
    with pytest.raises(OfferExpired):
        offer_for(document.id)

    assert not Offer.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_an_offer_that_expired_long_ago_is_unknown(later: Later) -> None:
    document = _shelved(seconds=900)
    later(1_801)

    with pytest.raises(OfferNotFound):
        offer_for(document.id)


def test_a_decided_offer_can_be_read_for_ever(later: Later) -> None:
    document = _shelved()
    _claim(document)
    later(1_000_000)

    assert offer_for(document.id) == (document, OfferStatus.ACCEPTED)
    with pytest.raises(OfferAlreadyAccepted):
        _claim(document)


def test_only_a_decided_offer_is_refused_before_its_row_is_written() -> None:
    live, taken, rejected = _shelved(), _shelved(), _shelved()
    _claim(taken)
    reject_offer(offer_id=rejected.id, actor=GUEST)

    assert open_offer(live.id) == live
    refuse_decided(live.id)
    with pytest.raises(OfferAlreadyAccepted):
        refuse_decided(taken.id)
    with pytest.raises(OfferCancelled):
        refuse_decided(rejected.id)


@pytest.mark.parametrize(
    "id", ["off_", "off_01", "ord_01m81s1xr80pjh6gg2t8j1n2c1", "off_01m81s1xr80pjh6gg2t8j1n2c1", "x'"]
)
def test_what_is_no_offer_is_not_found(id: str) -> None:
    with pytest.raises(OfferNotFound):
        offer_for(id)


def test_a_refused_claim_takes_its_callers_transaction_with_it(later: Later) -> None:
    document = _shelved(seconds=900)
    later(900)

    with pytest.raises(OfferExpired), transaction.atomic():
        claim_offer(document=document, cause=CAUSE)

    assert not Offer.objects.exists()
