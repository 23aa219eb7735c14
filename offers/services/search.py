"""Search: from a request to three to five ranked offers on the shelf."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from altis.shared import clock
from altis.shared.errors import Invalid
from altis.telemetry import metrics
from catalog.selectors import flight_products
from offers import shelf
from offers.bundles import FarePricer
from offers.choosing import Choice
from offers.documents import OfferDocument, SearchDocument, new_search_id
from offers.generating import Life, candidates, document, ranked
from offers.itineraries import combine_sensibly, reachable
from offers.ranking import SearchContext, ranker
from offers.rules import faults_in
from offers.selectors import airport_zones
from offers.services.finding import find
from offers.services.packaging import packages_on_sale
from offers.trip import SearchRequest

# Redis may read the clock a little differently from whoever wrote the deadline.
_MARGIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The offers, best first; `reason` (`no_flights` or `sold_out`) says why there are none."""

    search_id: str
    expires_at: datetime
    offers: tuple[OfferDocument, ...] = ()
    reason: str | None = None


def search_offers(*, request: SearchRequest) -> SearchResult:
    """Make, rank and shelve the offers for a request; writes nothing to PostgreSQL.

    Raises Invalid with a fault for each rule that the request breaks, StoreDown when the shelf is away.
    """
    created_at = _whole_milliseconds(clock.now())
    codes = {code for asked in request.slices for code in (asked.origin, asked.destination)}
    faults = faults_in(request, zones=airport_zones(codes), now=created_at)
    if faults:
        raise Invalid(faults=faults)
    life = Life(new_search_id(), created_at, created_at + timedelta(seconds=settings.ALTIS_OFFER_TTL_SECONDS))
    with metrics.offer_generation.time():
        choices, reason = _choices(request, life)
        offers = tuple(
            document(choice, rank=rank, life=life, request=request, currency=settings.ALTIS_CURRENCY)
            for rank, choice in enumerate(choices, start=1)
        )
        if offers:
            _shelve(life, offers)
    return SearchResult(life.search_id, life.expires_at, offers, reason)


def _choices(request: SearchRequest, life: Life) -> tuple[list[Choice], str | None]:
    """What to show, or why there is nothing."""
    currency = settings.ALTIS_CURRENCY
    packages = packages_on_sale(cabin=request.cabin, currency=currency)
    product = flight_products().get(request.cabin)
    found = find(
        request,
        after=life.created_at + timedelta(seconds=settings.ALTIS_SALES_CUTOFF_SECONDS),
        currency=currency,
        limited_extras=any(extra.limited for package in packages for extra in package.extras),
    )
    gap = timedelta(minutes=settings.ALTIS_MIN_CONNECTION_MINUTES)
    if product is None or not all(reachable(found.slices, gap=gap)):
        return [], "no_flights"
    party, context = request.party, _context(request, life)
    in_stock = [[option for option in options if option.seats_for(party.seated)] for options in found.slices]
    with metrics.pricing.time():
        priced = candidates(
            combine_sensibly(in_stock, gap=gap, ranker=ranker(), context=context),
            packages,
            pricer=FarePricer(party, product.id),
            seated=party.seated,
            stock=found.stock,
        )
    choices = ranked(priced, ranker=ranker(), context=context, most=request.max_offers)
    return choices, None if choices else "sold_out"


def _context(request: SearchRequest, life: Life) -> SearchContext:
    days = (request.slices[0].departure_date - life.created_at.date()).days
    return SearchContext(days_ahead=max(0, days), travellers=len(request.passengers), slices=len(request.slices))


def _shelve(life: Life, offers: tuple[OfferDocument, ...]) -> None:
    rate = min(settings.ALTIS_IMPRESSION_RATE, 1.0)
    weight = f"{1 / rate:.4f}" if random.random() < rate else None  # nosec B311 # a sample for statistics
    ttl = settings.ALTIS_OFFER_TTL_SECONDS + settings.ALTIS_OFFER_TOMBSTONE_SECONDS + _MARGIN_SECONDS
    shelf.put(SearchDocument(life.search_id, life.created_at, life.expires_at, offers, weight), ttl_seconds=ttl)


def _whole_milliseconds(instant: datetime) -> datetime:
    """The API shows milliseconds, so that nothing shown is later than what is kept."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
