"""Reject an offer."""

from altis.shared.actors import Actor, Cause
from altis.store.claims import NO_CLAIM, Claim
from altis.store.database import command
from altis.store.pipeline import flush
from offers.errors import OfferAlreadyAccepted, OfferCancelled
from offers.lifecycle import OfferStatus
from offers.models import Offer
from offers.selectors import offer_for
from offers.services.decide import decide


def reject_offer(*, offer_id: str, actor: Actor, claim: Claim = NO_CLAIM) -> Offer:
    """ACTIVE → CANCELLED; an offer that is cancelled already stays so.

    Raises OfferAlreadyAccepted, OfferExpired, OfferNotFound, and StoreDown when a live offer cannot be read.
    """
    document, status = offer_for(offer_id)
    if status == OfferStatus.ACCEPTED:
        raise OfferAlreadyAccepted
    with command():
        claim.open(resource=offer_id)
        try:
            cause = Cause(actor, "customer_rejected")
            offer = decide(document=document, to=OfferStatus.CANCELLED, cause=cause)
            flush()
        except OfferCancelled:
            offer = Offer.objects.get(pk=offer_id)
        claim.seal(offer)
    return offer
