"""How an offer leaves ACTIVE by a decision: the insert of its row, which only one caller can make."""

from altis.shared.actors import Cause
from altis.shared.errors import AltisError
from altis.store.database import check_clock
from altis.store.transition import conclude
from offers.documents import OfferDocument
from offers.errors import OfferAlreadyAccepted, OfferCancelled
from offers.lifecycle import OfferStatus
from offers.models import Offer
from offers.selectors import too_late


def decide(*, document: OfferDocument, to: OfferStatus, cause: Cause) -> Offer:
    """Queue the decision in the caller's transaction, which must not survive a refusal.

    Raises OfferAlreadyAccepted or OfferCancelled by the decision that stands, OfferExpired past the deadline: at the
    latest with the caller's next answer. The row's `clock` tells when that was judged.
    """
    row = Offer.of(document)
    conclude(row, to, cause=cause, lost=lambda: _standing(document.id))
    # Read after the insert, which may have waited for a twin.
    row.clock = check_clock(before=document.expires_at, late=lambda now: too_late(document, now))
    return row


def _standing(offer_id: str) -> AltisError:
    accepted = Offer.objects.get(pk=offer_id).status == OfferStatus.ACCEPTED
    return OfferAlreadyAccepted() if accepted else OfferCancelled()
