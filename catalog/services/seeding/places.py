"""The airports that the seeded airline flies to, and the rhythm of its hubs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from math import asin, cos, radians, sin, sqrt
from zoneinfo import available_timezones

import airportsdata

_EARTH_RADIUS_KM = 6371


@dataclass(frozen=True, slots=True)
class Place:
    """An airport with its coordinates in degrees."""

    code: str
    name: str
    city: str
    country: str
    zone: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Bank:
    """When flights come in to a hub and leave it again, on its wall clock: so most arrivals have connections."""

    arrivals: time
    departures: time


# Flights from London land in New York and Dubai in time for the departures there, and the other way round.
HUBS: Mapping[str, Bank] = {
    "LHR": Bank(arrivals=time(6, 0), departures=time(9, 30)),
    "JFK": Bank(arrivals=time(12, 30), departures=time(15, 30)),
    "DXB": Bank(arrivals=time(20, 30), departures=time(0, 30)),
}
# By importance to an airline of this shape: the more routes are asked for, the further down the list they reach.
_BY_IMPORTANCE = (
    "CDG LAX SIN AMS BOS DEL FRA MIA HKG MAD SFO BOM FCO ORD BKK DUB YYZ IST BCN IAD NRT ZRH ATL JNB LIS DFW SYD "
    "MUC SEA KUL CPH MEX CAI EDI YVR NBO VIE GRU ICN ATH DEN MNL ARN BOG PER OSL YUL CPT GVA PHX CGK HEL LAS PVG "
    "WAW EZE PEK PRG LIM AKL BUD SCL MEL MAN LOS"
)
DESTINATIONS = tuple(_BY_IMPORTANCE.split())


@cache
def places() -> Mapping[str, Place]:
    """Every IATA airport whose time zone this machine knows, by code."""
    zones = available_timezones()
    return {place.code: place for place in _airports() if place.zone in zones}


def distance_km(one: Place, other: Place) -> float:
    """Along the great circle, by the haversine formula."""
    north, south = radians(one.latitude), radians(other.latitude)
    height, width = north - south, radians(one.longitude - other.longitude)
    square = sin(height / 2) ** 2 + cos(north) * cos(south) * sin(width / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(square))


def _airports() -> Iterator[Place]:
    for code, row in airportsdata.load("IATA").items():
        yield Place(code, row["name"], row["city"], row["country"], row["tz"], row["lat"], row["lon"])
