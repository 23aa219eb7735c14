"""Reading for the shop's pages."""

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final, Literal

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from altis.privacy.blind import name_index
from altis.store.database import DbNow
from catalog.models import Airport, Flight
from orders.models import Order, Passenger
from orders.models.parts import NAME_PURPOSE
from orders.rebooking import segments_of

End = Literal["origin", "destination"]
MOST_SUGGESTED: Final = 8
_CODE = re.compile(r"(?:.*\()?\s*([A-Za-z]{3})\s*\)?")


def owner_of(order_id: str) -> str | None:
    """Whose order this is."""
    return Order.objects.filter(pk=order_id).values_list("owner_id", flat=True).first()


def order_from(offer_id: str, owner_id: str) -> str | None:
    """The owner's order that was made of this offer."""
    mine = Order.objects.filter(offer_id=offer_id, owner_id=owner_id)
    return mine.values_list("pk", flat=True).first()


def airports_like(text: str, end: End) -> list[Airport]:
    """At most eight airports whose code, city or name begins with the text, or has it in it.

    Those that a flight leaves from (`end` is "origin") or goes to come first, then the nearest to the text.
    """
    wanted = text.strip()[:80]
    if not wanted:
        return []
    nearness = [Q(code__iexact=wanted), Q(city__istartswith=wanted), Q(name__istartswith=wanted)]
    every: Q = reduce(or_, [*nearness, Q(city__icontains=wanted), Q(name__icontains=wanted)])
    near = Case(
        *(When(one, then=Value(place)) for place, one in enumerate(nearness)),
        default=Value(len(nearness)),
        output_field=IntegerField(),
    )
    flown = Flight.objects.filter(Q(**{end: OuterRef("pk")}), departing_at__gt=DbNow())
    found: QuerySet[Airport] = Airport.objects.filter(every).annotate(flown=Exists(flown))
    return list(found.order_by(F("flown").desc(), near, "city", "code")[:MOST_SUGGESTED])


def airports_meant(text: str, end: End) -> list[Airport]:
    """The airports that somebody means who wrote `LHR`, `London (LHR)` or `London`; several when it is not clear.

    Of a city's airports the one that has flights is meant, where only one has. Letters amid a name mean nothing.
    """
    wanted = text.strip()[:80]
    code = _CODE.fullmatch(wanted)
    if code:
        exact = Airport.objects.filter(pk=code[1].upper()).first()
        if exact:
            return [exact]
    begun = wanted.casefold()
    found = [one for one in airports_like(wanted, end) if _begins(one, begun)]
    cities = [airport for airport in found if airport.city.casefold() == begun] or found
    flown = [airport for airport in cities if airport.flown]  # type: ignore[attr-defined]  # annotated above
    return flown if len(flown) == 1 else cities


def _begins(airport: Airport, begun: str) -> bool:
    return airport.city.casefold().startswith(begun) or airport.name.casefold().startswith(begun)


def cities_of(slices: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The city of each airport at which a flight of the trip begins or ends, by its code."""
    codes = {flight[end] for flight in segments_of(slices) for end in ("origin", "destination")}
    return {one.code: one.place for one in Airport.objects.filter(pk__in=codes)}


def booking_of(reference: str, family_name: str) -> str | None:
    """The id of the order with this reference on which somebody of this name travels.

    One question, answered from two indexes, whether one of the two is wrong or both: no name is read or compared here.
    """
    digest = name_index(family_name, NAME_PURPOSE)
    named = Passenger.objects.filter(name_index=digest, order__reference=reference)
    return named.values_list("order_id", flat=True).first()
