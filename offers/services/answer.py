"""The offers of a search from the index: no input, no output."""

import random
import time
from datetime import UTC, datetime
from threading import Lock
from typing import NamedTuple

from django.conf import settings

from altis.shared.errors import Invalid
from altis.store.presets import Preset
from altis.telemetry import metrics
from catalog import index
from catalog.index import Catalogue
from offers.documents import new_search_id
from offers.quick.market import Market, Terms
from offers.quick.texts import instant
from offers.ranking import UtilityRanker, ranker
from offers.rules import faults_in, plainly_sound
from offers.services.made import MadeSearch
from offers.services.packaging import packages_of
from offers.trip import SearchRequest

# Redis may read the clock a little differently from whoever wrote the deadline.
_MARGIN_SECONDS = 60
_lock = Lock()
_markets: list[Market] = []  # at most one: that of the catalogue read last


class Going(NamedTuple):
    """What the settings say of searches: how long offers live and are kept, when sales end, and what is sampled.

    `weight`: how many searches the impression of a sampled one stands for.
    """

    terms: Terms
    life_ms: int
    kept_seconds: int
    cutoff_us: int
    rate: float
    weight: str

    def sampled(self) -> bool:
        """Whether a search shall leave an impression."""
        return random.random() < self.rate  # nosec B311 # a sample for statistics


def _read() -> Going:
    rate = min(settings.ALTIS_IMPRESSION_RATE, 1.0)
    life = settings.ALTIS_OFFER_TTL_SECONDS
    return Going(
        Terms(settings.ALTIS_CURRENCY, settings.ALTIS_MIN_CONNECTION_MINUTES, settings.ALTIS_MAX_CONNECTION_MINUTES),
        life_ms=life * 1000,
        kept_seconds=life + settings.ALTIS_OFFER_TOMBSTONE_SECONDS + _MARGIN_SECONDS,
        cutoff_us=settings.ALTIS_SALES_CUTOFF_SECONDS * 1_000_000,
        rate=rate,
        weight=f"{1 / rate:.4f}" if rate > 0 else "",
    )


going = Preset(_read)


def memory() -> Catalogue | None:
    """What searches can be answered from: the index while it is fresh, and while its ranking is the one in charge."""
    return index.current() if isinstance(ranker(), UtilityRanker) else None


def answer(request: SearchRequest, catalogue: Catalogue) -> MadeSearch:
    """What `generate` says of the same request, from a catalogue in memory.

    Raises Invalid with a fault for each rule that the request breaks.
    """
    now, milliseconds = going(), time.time_ns() // 1_000_000
    market, after = _market(catalogue, now.terms), milliseconds * 1000 + now.cutoff_us
    began = time.perf_counter()
    pressed = market.known(request, after=after)
    if pressed is None:
        _look_at(request, catalogue, milliseconds)
        pressed = market.answer(request, after=after)
    metrics.pricing.observe(time.perf_counter() - began)
    search_id, expires = new_search_id(), milliseconds + now.life_ms
    own = {"id": search_id[4:-1].encode(), "at": instant(milliseconds), "until": instant(expires)}
    document = impression = None
    if pressed.document is not None and pressed.impression is not None:
        document = pressed.document.filled(own)
        if now.sampled():
            impression = pressed.impression.filled(own) + f'{now.weight}"}}'.encode()
    return MadeSearch(search_id, expires, pressed.reply.filled(own), document, impression, now.kept_seconds)


def _look_at(request: SearchRequest, catalogue: Catalogue, milliseconds: int) -> None:
    """Raise Invalid for a request that breaks a rule."""
    now = datetime.fromtimestamp(milliseconds / 1000, UTC)
    if not plainly_sound(request, zones=catalogue.zones, now=now):
        faults = faults_in(request, zones=catalogue.zones, now=now)
        if faults:
            raise Invalid(faults=faults)


def _market(catalogue: Catalogue, terms: Terms) -> Market:
    for market in _markets:
        if market.catalogue is catalogue and (market.terms is terms or market.terms == terms):
            return market
    made = Market(
        catalogue,
        terms,
        lambda cabin: packages_of(catalogue.assortment.bundles, cabin=cabin, currency=terms.currency),
    )
    with _lock:
        _markets[:] = [made]
    return made
