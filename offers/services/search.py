"""Search: from a request to three to five ranked offers on the shelf."""

from datetime import datetime, timedelta

from altis.shared import clock
from altis.shared.errors import Invalid
from altis.telemetry import metrics
from offers import shelf
from offers.documents import new_search_id
from offers.generating import Life
from offers.rules import faults_in
from offers.selectors import airport_zones
from offers.services.answer import answer, going, memory
from offers.services.generate import generate
from offers.services.made import MadeSearch
from offers.trip import SearchRequest

__all__ = ["MadeSearch", "make_search", "search_offers"]


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
    catalogue = memory()
    return _from_the_stores(request) if catalogue is None else answer(request, catalogue)


def _from_the_stores(request: SearchRequest) -> MadeSearch:
    now, created_at = going(), _whole_milliseconds(clock.now())
    codes = {code for asked in request.slices for code in (asked.origin, asked.destination)}
    faults = faults_in(request, zones=airport_zones(codes), now=created_at)
    if faults:
        raise Invalid(faults=faults)
    life = Life(new_search_id(), created_at, created_at + timedelta(milliseconds=now.life_ms))
    made = generate(request, life, weight=now.weight if now.sampled() else None)
    expires_ms = round(life.expires_at.timestamp() * 1000)
    return MadeSearch(life.search_id, expires_ms, made.reply, made.document, made.impression, now.kept_seconds)


def _whole_milliseconds(instant: datetime) -> datetime:
    """The API shows milliseconds, so that nothing shown is later than what is kept."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
