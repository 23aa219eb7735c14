"""The offers of a search from PostgreSQL and the gate: the readable way, and the only one without a fresh index."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from altis.api.rendering import to_json
from altis.shared.clock import iso
from altis.telemetry import metrics
from catalog.selectors import flight_products
from offers.bundles import FarePricer
from offers.choosing import Choice
from offers.compact import pack
from offers.documents import SearchDocument
from offers.generating import Life, candidates, document, ranked
from offers.itineraries import combine_sensibly, reachable
from offers.lifecycle import OfferStatus
from offers.presenting import present
from offers.ranking import SearchContext, ranker
from offers.services.finding import find
from offers.services.packaging import packages_on_sale
from offers.trip import SearchRequest


@dataclass(frozen=True, slots=True)
class Generated:
    """The reply as JSON; the document and the impression of its offers, None where there are none."""

    reply: bytes
    document: bytes | None = None
    impression: bytes | None = None


def generate(request: SearchRequest, life: Life, *, weight: str | None) -> Generated:
    """Make and rank the offers for a request that breaks no rule; `weight`: of the impression, None for none of it."""
    choices, reason = _choices(request, life)
    offers = tuple(
        document(choice, rank=rank, life=life, request=request, currency=settings.ALTIS_CURRENCY)
        for rank, choice in enumerate(choices, start=1)
    )
    reply = to_json(
        {
            "search_id": life.search_id,
            "expires_at": iso(life.expires_at),
            "offers": [present(offer, OfferStatus.ACTIVE) for offer in offers],
            "reason": reason,
        }
    )
    if not offers:
        return Generated(reply)
    search = SearchDocument(life.search_id, life.created_at, life.expires_at, offers, weight)
    return Generated(reply, pack(search), search.impression() if weight else None)


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
