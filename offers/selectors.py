"""Reads of the offers: the decided ones from PostgreSQL, the live ones from the shelf."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings

from altis.shared.ids import is_id
from altis.store.database import db_clock
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
    row = Offer.objects.filter(pk=offer_id).first()
    if row is not None:
        return row.read(), OfferStatus(row.status)
    document = shelf.get(offer_id)
    if document is None:
        raise OfferNotFound
    overdue = db_clock() - document.expires_at
    if overdue >= timedelta(seconds=settings.ALTIS_OFFER_TOMBSTONE_SECONDS):
        raise OfferNotFound
    if overdue >= timedelta():
        raise OfferExpired
    return document, OfferStatus.ACTIVE


def open_offer(offer_id: str) -> OfferDocument:
    """An offer that can still be accepted; raises OfferAlreadyAccepted, OfferCancelled, and what `offer_for` raises."""
    document, status = offer_for(offer_id)
    if status == OfferStatus.ACCEPTED:
        raise OfferAlreadyAccepted
    if status == OfferStatus.CANCELLED:
        raise OfferCancelled
    return document


def airport_zones(codes: Collection[str]) -> dict[str, str]:
    """The IANA time zone of each of the codes that is an airport. One query."""
    return dict(Airport.objects.filter(pk__in=codes).values_list("code", "time_zone"))
