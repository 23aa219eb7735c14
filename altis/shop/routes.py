"""Where flights go: trips to begin with, and other days of a trip that has none on the day that was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Min, QuerySet

from altis.shared.clock import now
from catalog.models import Airport, Cabin, Flight

_MOST: Final = 6
_MOST_FROM_ONE: Final = 2
_READ: Final = 60
_FROM, _TO = timedelta(days=7), timedelta(days=28)  # soon, and not so soon that it is dear
_MOST_DAYS: Final = 4
_AROUND: Final = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Trip:
    """One way on one day in one cabin."""

    origin: str
    destination: str
    day: date
    cabin: str

    def flights(self) -> QuerySet[Flight]:
        """Those that go all the way, on any day, and are for sale."""
        return Flight.objects.filter(origin=self.origin, destination=self.destination, sales_open=True)


@dataclass(frozen=True, slots=True)
class Route:
    """A way that is flown, and the first of the coming days on which it is."""

    origin: Airport
    destination: Airport
    day: date


def routes(origin: str = "") -> list[Route]:
    """The routes with the most flights of the coming weeks, from one airport or from all.

    A few from each airport, so that the list shows more than one hub.
    """
    today = now().date()
    soon = Flight.objects.filter(sales_open=True, departure_date__range=(today + _FROM, today + _TO))
    mine = soon.filter(origin=origin) if origin else soon
    pairs = mine.values("origin_id", "destination_id").annotate(flights=Count("pk"), day=Min("departure_date"))
    found = list(pairs.order_by("-flights", "origin_id", "destination_id")[:_READ])
    chosen = found if origin else [pair for place, pair in enumerate(found) if _is_new(pair, found[:place])]
    airports = Airport.objects.in_bulk(
        {code for pair in chosen for code in (pair["origin_id"], pair["destination_id"])}
    )
    return [
        Route(airports[pair["origin_id"]], airports[pair["destination_id"]], pair["day"]) for pair in chosen[:_MOST]
    ]


def days_near(trip: Trip) -> list[date]:
    """The nearest other days on which a flight with this cabin goes all the way and is for sale, in their order."""
    around = (max(trip.day - _AROUND, now().date()), trip.day + _AROUND)
    flights = trip.flights().filter(departure_date__range=around, inventory__cabin=trip.cabin)
    days: set[date] = set(flights.exclude(departure_date=trip.day).values_list("departure_date", flat=True))
    return sorted(sorted(days, key=lambda other: (abs(other - trip.day), other))[:_MOST_DAYS])


def cabins_on(trip: Trip) -> list[str]:
    """The other cabins of the flights that go all the way on this day, as `Cabin` has them, in its order."""
    flights = trip.flights().filter(departure_date=trip.day, inventory__product=None)
    flown = set(flights.values_list("inventory__cabin", flat=True))
    return [cabin for cabin in Cabin.values if cabin in flown and cabin != trip.cabin]


def _is_new(pair: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> bool:
    return len([one for one in earlier if one["origin_id"] == pair["origin_id"]]) < _MOST_FROM_ONE
