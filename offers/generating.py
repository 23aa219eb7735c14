"""From trips and bundles to ranked offers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from offers.bundles import FarePricer, Package, Stock, extra_items, total_minor
from offers.choosing import Candidate, Choice, choose
from offers.documents import OfferDocument, OfferSlice, offer_id
from offers.ranking import Features, Ranker, SearchContext
from offers.trip import Itinerary, SearchRequest


@dataclass(frozen=True, slots=True)
class Life:
    """Whose offers they are, and from when until when they live."""

    search_id: str
    created_at: datetime
    expires_at: datetime


def candidates(
    itineraries: Sequence[Itinerary], packages: Sequence[Package], *, pricer: FarePricer, seated: int, stock: Stock
) -> list[Candidate]:
    """Every itinerary in every package that can be sold for it, by package, in their order."""
    fares = [pricer.items(itinerary) for itinerary in itineraries]
    found = []
    for package in packages:
        for itinerary, flights in zip(itineraries, fares, strict=True):
            extras = extra_items(package, itinerary, seated=seated, stock=stock)
            if extras is not None:
                items = (*flights, *extras)
                found.append(Candidate(itinerary, package, items, total_minor(items)))
    return found


def ranked(found: Sequence[Candidate], *, ranker: Ranker, context: SearchContext, most: int) -> list[Choice]:
    """The candidates to show, best first."""
    verdicts = ranker.rank([features(candidate) for candidate in found], context)
    return choose([Choice(*pair) for pair in zip(found, verdicts, strict=True)], most=most)


def features(candidate: Candidate) -> Features:
    """What the ranker sees of a candidate."""
    trip, conditions = candidate.itinerary, candidate.package.conditions
    return Features(
        price_minor=candidate.total_minor,
        minutes=trip.minutes,
        stops=trip.stops,
        departure_hours=tuple(int(option.segments[0].departing_at_local[11:13]) for option in trip.slices),
        contents=candidate.package.contents,
        refundable=conditions.refundable,
        changeable=conditions.changeable,
    )


def document(choice: Choice, *, rank: int, life: Life, request: SearchRequest, currency: str) -> OfferDocument:
    """The offer that a choice becomes at this rank (from 1)."""
    candidate, verdict = choice.candidate, choice.ranked
    return OfferDocument(
        id=offer_id(life.search_id, rank),
        search_id=life.search_id,
        bundle=candidate.package.code,
        bundle_name=candidate.package.name,
        rank=rank,
        score=f"{verdict.score:f}",
        created_at=life.created_at,
        expires_at=life.expires_at,
        currency=currency,
        total_minor=candidate.total_minor,
        slices=tuple(
            OfferSlice(asked.origin, asked.destination, option.segments)
            for asked, option in zip(request.slices, candidate.itinerary.slices, strict=True)
        ),
        passengers=request.passengers,
        conditions=candidate.package.conditions,
        rank_explanation=tuple((feature, f"{points:f}") for feature, points in verdict.explanation),
        items=candidate.items,
        propensity=f"{verdict.propensity:f}",
    )
