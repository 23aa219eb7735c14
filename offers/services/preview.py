"""What a customer would see of a bundle that is still being put together, on one real flight."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from altis.shared import clock
from catalog.models import Bundle, Flight
from catalog.selectors import BundleView, flight_products
from offers.bundles import FarePricer, Package
from offers.documents import new_search_id
from offers.generating import Life, candidates, document, ranked
from offers.lifecycle import OfferStatus
from offers.presenting import present
from offers.ranking import SearchContext, ranker
from offers.services.finding import find
from offers.services.packaging import packages_of, packages_on_sale
from offers.trip import Itinerary, Option, Passenger, SearchRequest, SliceRequest

_NO_FLIGHT = "This flight is not for sale in this cabin for so many travellers."
_SOLD_OUT = "It would not be offered here: too little is left of a limited product on this flight."


@dataclass(frozen=True, slots=True)
class Preview:
    """The offer in the shape of the REST contract, None with the reason where there is none.

    `of`: how many offers there are on this flight, this one included.
    """

    offer: dict[str, Any] | None
    why_not: str = ""
    of: int = 0


def preview_bundle(*, bundle: BundleView, position: int, flight: Flight, cabin: str, adults: int) -> Preview:
    """Price, rank and present the bundle beside those on sale, as a search would; writes nothing, holds nothing.

    `position`: its place in the catalog's order, which decides between offers that rank alike.
    """
    currency = settings.ALTIS_CURRENCY
    mine = packages_of([bundle], cabin=cabin, currency=currency)
    if not mine:
        return Preview(None, f"It would not be offered: {' '.join(_faults(bundle, cabin, currency))}")
    others = [one for one in packages_on_sale(cabin=cabin, currency=currency) if one.code != bundle.code]
    first = set(_codes_before(position=position, code=bundle.code))
    packages = sorted([mine[0], *others], key=lambda one: 1 if one is mine[0] else 0 if one.code in first else 2)
    asked = SliceRequest(flight.origin_id, flight.destination_id, flight.departure_date)
    request = SearchRequest((asked,), (Passenger("adult"),) * adults, cabin)
    return _beside(mine[0], packages, flight, request)


def _beside(mine: Package, packages: list[Package], flight: Flight, request: SearchRequest) -> Preview:
    currency, created_at = settings.ALTIS_CURRENCY, clock.now()
    found = find(
        request,
        after=created_at + timedelta(seconds=settings.ALTIS_SALES_CUTOFF_SECONDS),
        currency=currency,
        limited_extras=any(extra.limited for package in packages for extra in package.extras),
    )
    seated, product = request.party.seated, flight_products().get(request.cabin)
    options = [option for option in found.slices[0] if _is(option, flight) and option.seats_for(seated)]
    if product is None or not options:
        return Preview(None, _NO_FLIGHT)
    trip, pricer = Itinerary((options[0],)), FarePricer(request.party, product.id)
    priced = candidates([trip], packages, pricer=pricer, seated=seated, stock=found.stock)
    days = (flight.departure_date - created_at.date()).days
    context = SearchContext(days_ahead=max(0, days), travellers=len(request.passengers), slices=1)
    choices = ranked(priced, ranker=ranker(), context=context, most=len(packages))
    place = next((n for n, one in enumerate(choices, 1) if one.candidate.package is mine), 0)
    if not place:
        return Preview(None, _SOLD_OUT)
    life = Life(new_search_id(), created_at, created_at + timedelta(seconds=settings.ALTIS_OFFER_TTL_SECONDS))
    shown = document(choices[place - 1], rank=place, life=life, request=request, currency=currency)
    return Preview(present(shown, OfferStatus.ACTIVE), of=len(choices))


def _codes_before(*, position: int, code: str) -> list[str]:
    """The bundles on sale that come before this place in the catalog's order. One query."""
    before = Q(position__lt=position) | Q(position=position, code__lt=code)
    return list(Bundle.objects.filter(before, active=True).values_list("code", flat=True))


def _faults(bundle: BundleView, cabin: str, currency: str) -> Iterator[str]:
    """What `Package.sellable` refuses, in words."""
    if bundle.refund_penalty.currency != currency:
        yield f"searches are in {currency}, the bundle is in {bundle.refund_penalty.currency}."
    for product, _ in bundle.items:
        if not product.active:
            yield f"{product.name} is not on sale."
        if product.base_price.currency != currency:
            yield f"{product.name} is priced in {product.base_price.currency}."
        if product.attributes.get("cabin") not in (None, cabin):
            yield f"{product.name} is for another cabin."
        if product.applies_to == "flight" or (product.capacity_controlled and product.applies_to != "segment"):
            yield f"{product.name} cannot be part of a bundle."


def _is(option: Option, flight: Flight) -> bool:
    return [segment.flight_id for segment in option.segments] == [flight.pk]
