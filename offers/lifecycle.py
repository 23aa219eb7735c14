"""The life of an offer. Pure."""

from enum import StrEnum

from altis.shared.lifecycle import Lifecycle


class OfferStatus(StrEnum):
    """What has become of an offer."""

    ACTIVE = "ACTIVE"
    ACCEPTED = "ACCEPTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


OFFER = Lifecycle(
    {
        # Its price is guaranteed; it stands in Redis alone.
        OfferStatus.ACTIVE: (OfferStatus.ACCEPTED, OfferStatus.EXPIRED, OfferStatus.CANCELLED),
        OfferStatus.ACCEPTED: (),  # exactly one order came of it
        OfferStatus.EXPIRED: (),  # the database's clock has passed `expires_at`; no row is written
        OfferStatus.CANCELLED: (),  # the customer rejected it
    },
    start=OfferStatus.ACTIVE,
)
