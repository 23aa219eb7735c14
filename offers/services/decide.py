"""How an offer leaves ACTIVE by a decision: the insert of its row, which only one caller can make."""

from altis.shared.actors import Cause
from altis.store.database import db_clock
from altis.store.transition import LostRace, conclude
from offers.documents import OfferDocument
from offers.errors import OfferAlreadyAccepted, OfferCancelled, OfferExpired
from offers.lifecycle import OfferStatus
from offers.models import Offer


def decide(*, document: OfferDocument, to: OfferStatus, cause: Cause) -> Offer:
    """Write the decision into the caller's transaction, which must not survive a refusal.

    Raises OfferAlreadyAccepted or OfferCancelled by the decision that stands, OfferExpired past the deadline.
    """
    row = Offer.of(document)
    try:
        conclude(row, to, cause=cause)
    except LostRace as lost:
        standing = Offer.objects.get(pk=document.id)
        raise (OfferAlreadyAccepted if standing.status == OfferStatus.ACCEPTED else OfferCancelled) from lost
    # Read after the insert, which may have waited for a twin.
    if db_clock() >= document.expires_at:
        raise OfferExpired
    return row
