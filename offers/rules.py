"""What a search may ask for. Pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from altis.shared.errors import Fault
from catalog.errors import UnknownAirport
from offers.errors import (
    DepartureInPast,
    InvalidAge,
    SameAirport,
    SlicesOutOfOrder,
    TooManyInfants,
    TooManyPassengers,
    fault,
)
from offers.trip import SearchRequest, SliceRequest

MOST_PASSENGERS = 9
# Whole years, by the type of passenger.
AGES = {"adult": range(12, 131), "child": range(2, 12), "infant": range(2)}
# Eastward over the date line a slice can arrive, and the next depart, on the day before. No two flights meet across
# less than this difference of wall clocks.
_DATE_LINE = timedelta(hours=12)
_ONE_DAY = timedelta(days=1)


def faults_in(request: SearchRequest, *, zones: Mapping[str, str], now: datetime) -> list[Fault]:
    """Every rule that the request breaks. `zones`: the IANA time zone of each airport there is; `now`: any zone."""
    return [*_faults_in_slices(request, zones, now), *_faults_in_order(request, zones), *_faults_in_party(request)]


def plainly_sound(request: SearchRequest, *, zones: Mapping[str, str], now: datetime) -> bool:
    """Whether the request breaks none of the rules, told at a glance; False may also mean that a closer look is needed.

    A closer look is for dates around today, and for more than one slice. `now` in UTC.
    """
    if len(request.slices) != 1 or len(request.passengers) > MOST_PASSENGERS:
        return False
    [asked] = request.slices
    known = asked.origin in zones and asked.destination in zones and asked.origin != asked.destination
    # No clock on earth is more than 14 hours ahead of UTC.
    if not known or asked.departure_date <= now.date() + _ONE_DAY:
        return False
    on_laps = 0
    for passenger in request.passengers:
        if passenger.age is not None and passenger.age not in AGES[passenger.type]:
            return False
        on_laps += 1 if passenger.type == "infant" else -1 if passenger.type == "adult" else 0
    return on_laps <= 0


def _faults_in_slices(request: SearchRequest, zones: Mapping[str, str], now: datetime) -> Iterator[Fault]:
    for index, slice in enumerate(request.slices):
        at = f"/slices/{index}"
        for name, code in (("origin", slice.origin), ("destination", slice.destination)):
            if code not in zones:
                yield fault(UnknownAirport, f"{at}/{name}")
        if slice.origin == slice.destination:
            yield fault(SameAirport, f"{at}/destination")
        # Where the origin is unknown, the last place on earth to end its day decides.
        zone = ZoneInfo(zones.get(slice.origin, "Etc/GMT+12"))
        if slice.departure_date < now.astimezone(zone).date():
            yield fault(DepartureInPast, f"{at}/departure_date")


def _faults_in_order(request: SearchRequest, zones: Mapping[str, str]) -> Iterator[Fault]:
    for index, (before, slice) in enumerate(zip(request.slices, request.slices[1:], strict=False), start=1):
        days_back = (before.departure_date - slice.departure_date).days
        if days_back > (1 if _over_the_date_line(before, slice, zones) else 0):
            yield fault(SlicesOutOfOrder, f"/slices/{index}/departure_date")


def _over_the_date_line(before: SliceRequest, slice: SliceRequest, zones: Mapping[str, str]) -> bool:
    offsets = []
    for place in (before, slice):
        noon = datetime.combine(place.departure_date, time(12), tzinfo=UTC)
        offset = noon.astimezone(ZoneInfo(zones.get(place.origin, "UTC"))).utcoffset()
        offsets.append(offset or timedelta())
    return offsets[0] - offsets[1] > _DATE_LINE


def _faults_in_party(request: SearchRequest) -> Iterator[Fault]:
    for index, passenger in enumerate(request.passengers):
        if passenger.age is not None and passenger.age not in AGES[passenger.type]:
            yield fault(InvalidAge, f"/passengers/{index}/age")
    if len(request.passengers) > MOST_PASSENGERS:
        yield fault(TooManyPassengers, "/passengers")
    if request.party.infants > request.party.adults:
        yield fault(TooManyInfants, "/passengers")
