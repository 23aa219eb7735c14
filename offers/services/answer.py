"""The offers of a search from the index: no input, no output."""

import time
from datetime import datetime
from threading import Lock

from django.conf import settings

from altis.telemetry import metrics
from catalog.index import Catalogue
from offers.generating import Life
from offers.quick.market import Market, Terms
from offers.quick.texts import instant
from offers.services.generate import Generated
from offers.services.packaging import packages_of
from offers.trip import SearchRequest

_lock = Lock()
_markets: list[Market] = []  # at most one: that of the catalogue read last


def answer(request: SearchRequest, life: Life, catalogue: Catalogue, *, weight: str | None) -> Generated:
    """What `generate` says of the same request, from a catalogue in memory."""
    created = _microseconds(life.created_at)
    after = created + settings.ALTIS_SALES_CUTOFF_SECONDS * 1_000_000
    began = time.perf_counter()
    pressed = _market(catalogue).answer(request, after=after)
    metrics.pricing.observe(time.perf_counter() - began)
    own = {
        "id": life.search_id[4:-1].encode(),
        "at": instant(created // 1000),
        "until": instant(_microseconds(life.expires_at) // 1000),
    }
    reply = pressed.reply.filled(own)
    if pressed.document is None or pressed.impression is None:
        return Generated(reply)
    impression = pressed.impression.filled(own) + f'{weight}"}}'.encode() if weight else None
    return Generated(reply, pressed.document.filled(own), impression)


def _market(catalogue: Catalogue) -> Market:
    terms = Terms(settings.ALTIS_CURRENCY, settings.ALTIS_MIN_CONNECTION_MINUTES, settings.ALTIS_MAX_CONNECTION_MINUTES)
    for market in _markets:
        if market.catalogue is catalogue and market.terms == terms:
            return market
    made = Market(
        catalogue,
        terms,
        lambda cabin: packages_of(catalogue.assortment.bundles, cabin=cabin, currency=terms.currency),
    )
    with _lock:
        _markets[:] = [made]
    return made


def _microseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000_000)
