"""Reads of the offers: the decided ones from PostgreSQL, the live ones from the shelf."""

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from django.conf import settings

from altis.shared.errors import AltisError
from altis.shared.ids import is_id
from altis.store.database import ask_clock
from altis.store.pipeline import together
from altis.store.reading import find
from altis.store.redis import StoreDown
from catalog.models import Airport
from offers import shelf
from offers.documents import OfferDocument
from offers.errors import OfferAlreadyAccepted, OfferCancelled, OfferExpired, OfferNotFound
from offers.lifecycle import OfferStatus
from offers.models import Offer


def offer_for(offer_id: str) -> tuple[OfferDocument, OfferStatus]:
    """An offer and its status: decided ones at any time, live ones until they expire by the database's clock.

    Raises OfferExpired for some time after that, then OfferNotFound; StoreDown when the shelf is away.
    """
    if not is_id("off", offer_id):
        raise OfferNotFound
    with together():
        decided, clock = find(Offer, "WHERE id = $1", offer_id), ask_clock()
    row = decided.first()
    if row is not None:
        return row.read(), OfferStatus(row.status)
    document = shelf.get(offer_id)
    if document is None:
        raise OfferNotFound
    now = clock()
    if now >= document.expires_at:
        raise too_late(document, now)
    return document, OfferStatus.ACTIVE


def offer_ahead(offer_id: str) -> AbstractContextManager[None]:
    """Within the block, an offer that will be opened comes along with what Redis is asked before, such as a limit."""
    return shelf.fetching(offer_id) if is_id("off", offer_id) else nullcontext()


def open_offer(offer_id: str) -> OfferDocument:
    """An offer as it was made, to be accepted: whether it still can be, the insert of its row decides.

    Raises OfferAlreadyAccepted or OfferCancelled where that is all there is to know, and what `offer_for` raises.
    """
    if not is_id("off", offer_id):
        raise OfferNotFound
    try:
        document = shelf.get(offer_id)
    except StoreDown:
        refuse_decided(offer_id)
        raise
    if document is None:
        refuse_decided(offer_id)
        raise OfferNotFound
    return document


def refuse_decided(offer_id: str) -> None:
    """Raise OfferAlreadyAccepted or OfferCancelled when somebody has decided about the offer."""
    status = Offer.objects.filter(pk=offer_id).values_list("status", flat=True).first()
    if status is not None:
        raise OfferAlreadyAccepted if status == OfferStatus.ACCEPTED else OfferCancelled


def too_late(document: OfferDocument, now: datetime) -> AltisError:
    """The refusal of an offer whose time is over: for some time it has expired, then there is no such offer."""
    gone = now - document.expires_at >= timedelta(seconds=settings.ALTIS_OFFER_TOMBSTONE_SECONDS)
    return OfferNotFound() if gone else OfferExpired()


def airport_zones(codes: Collection[str]) -> dict[str, str]:
    """The IANA time zone of each of the codes that is an airport. One query."""
    return dict(Airport.objects.filter(pk__in=codes).values_list("code", "time_zone"))
