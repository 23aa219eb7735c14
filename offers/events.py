"""What the offers app announces. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from altis.shared.events import Event
from altis.shared.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDecided(Event):
    """A customer decided on an offer; the subject is the offer's id."""

    topic: ClassVar[str] = "altis.offers"
    type: ClassVar[str] = "altis.offer.decided"

    search_id: str
    bundle: str
    rank: int
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAccepted(OfferDecided):
    """An order was placed from the offer."""

    type: ClassVar[str] = "altis.offer.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRejected(OfferDecided):
    """The customer does not want the offer."""

    type: ClassVar[str] = "altis.offer.rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchExpired(Event):
    """The time of a search's offers is over; the subject is the search's id. `weight`: searches that it stands for."""

    topic: ClassVar[str] = "altis.offers"
    type: ClassVar[str] = "altis.search.expired"

    outcome: str
    chosen: str
    offers: int
    shown_at: str
    weight: str
