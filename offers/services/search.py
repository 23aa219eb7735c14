"""Search: from a request to three to five ranked offers on the shelf."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import orjson
from django.conf import settings

from altis.shared import clock
from altis.shared.errors import Fault, Invalid
from altis.telemetry import metrics
from catalog import index
from catalog.index import Catalogue
from offers import shelf
from offers.compact import read_offers
from offers.documents import OfferDocument, new_search_id
from offers.generating import Life
from offers.ranking import UtilityRanker, ranker
from offers.rules import faults_in, plainly_sound
from offers.selectors import airport_zones
from offers.services.answer import answer
from offers.services.generate import Generated, generate
from offers.trip import SearchRequest

# Redis may read the clock a little differently from whoever wrote the deadline.
_MARGIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class MadeSearch:
    """A search that was made and may have to be shelved.

    `reply` is the JSON body of the answer. `document` is what the shelf shall hold for `ttl_seconds`, None when there
    are no offers; `impression` what its stream shall get, None when this search is not sampled.
    """

    search_id: str
    expires_at: datetime
    reply: bytes
    document: bytes | None
    impression: bytes | None
    ttl_seconds: int

    @property
    def offers(self) -> tuple[OfferDocument, ...]:
        """The offers, best first."""
        return () if self.document is None else read_offers(self.document)

    @property
    def reason(self) -> str | None:
        """`no_flights` or `sold_out`: why there are no offers."""
        return cast("str | None", orjson.loads(self.reply)["reason"])


def search_offers(*, request: SearchRequest) -> MadeSearch:
    """Make, rank and shelve the offers for a request; writes nothing to PostgreSQL.

    Raises Invalid with a fault for each rule that the request breaks, StoreDown when the shelf is away or full.
    """
    with metrics.offer_generation.time():
        made = make_search(request=request)
        if made.document is not None:
            shelf.put(made.search_id, document=made.document, impression=made.impression, ttl_seconds=made.ttl_seconds)
    return made


def make_search(*, request: SearchRequest) -> MadeSearch:
    """Make and rank the offers for a request, for the caller to shelve; no input or output while the index is fresh.

    Raises Invalid with a fault for each rule that the request breaks.
    """
    created_at = _whole_milliseconds(clock.now())
    catalogue = index.current() if isinstance(ranker(), UtilityRanker) else None
    faults = _faults(request, created_at, catalogue)
    if faults:
        raise Invalid(faults=faults)
    life = Life(new_search_id(), created_at, created_at + timedelta(seconds=settings.ALTIS_OFFER_TTL_SECONDS))
    if catalogue is None:
        return _made(life, generate(request, life, weight=_weight()))
    return _made(life, answer(request, life, catalogue, weight=_weight()))


def _faults(request: SearchRequest, now: datetime, catalogue: Catalogue | None) -> list[Fault]:
    if catalogue is not None:
        return (
            []
            if plainly_sound(request, zones=catalogue.zones, now=now)
            else faults_in(request, zones=catalogue.zones, now=now)
        )
    codes = {code for asked in request.slices for code in (asked.origin, asked.destination)}
    return faults_in(request, zones=airport_zones(codes), now=now)


def _made(life: Life, made: Generated) -> MadeSearch:
    ttl = settings.ALTIS_OFFER_TTL_SECONDS + settings.ALTIS_OFFER_TOMBSTONE_SECONDS + _MARGIN_SECONDS
    return MadeSearch(life.search_id, life.expires_at, made.reply, made.document, made.impression, ttl)


def _weight() -> str | None:
    """How many searches this one's impression stands for; None when it is not sampled."""
    rate = min(settings.ALTIS_IMPRESSION_RATE, 1.0)
    return f"{1 / rate:.4f}" if random.random() < rate else None  # nosec B311 # a sample for statistics


def _whole_milliseconds(instant: datetime) -> datetime:
    """The API shows milliseconds, so that nothing shown is later than what is kept."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
