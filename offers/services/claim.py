"""Claim an offer for an order."""

from altis.shared.actors import Cause
from offers.documents import OfferDocument
from offers.lifecycle import OfferStatus
from offers.models import Offer
from offers.services.decide import decide


def claim_offer(*, document: OfferDocument, cause: Cause) -> Offer:
    """ACTIVE → ACCEPTED, in the transaction that places the order: at most once, and only in time.

    Raises OfferAlreadyAccepted, OfferCancelled or OfferExpired; the caller's transaction then has to end.
    """
    return decide(document=document, to=OfferStatus.ACCEPTED, cause=cause)
