"""Who asks for what: the customers, the markets they look at, and their requests as bytes."""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address
from typing import Final

import psycopg

from bench.speed import wire

HOST: Final = "127.0.0.1"
HOT_MARKETS = 60
_PARTIES: Final = (("adult",), ("adult", "adult"), ("adult", "adult", "child"))
_SHARES: Final = (60, 25, 15)
_CHILD_AGE = 7
_ADDRESSES = 4096
_FIRST_ADDRESS = int(IPv4Address("198.18.0.0"))  # set aside for measurements (RFC 2544)
_DIRECT = """
    SELECT f.origin_id, f.destination_id, f.departure_date, min(f.id), count(*)
    FROM catalog_flight f JOIN catalog_inventory i ON i.flight_id = f.id AND i.cabin = 'economy'
    WHERE f.sales_open AND i.capacity > 0
    GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
"""


@dataclass(frozen=True, slots=True)
class Market:
    """From one airport to another on a day; `flight` is its first direct flight, of `flights`."""

    origin: str
    destination: str
    day: date
    flight: str
    flights: int


@dataclass(frozen=True, slots=True)
class Customer:
    """A token and an address behind the proxy."""

    token: str
    address: str

    @property
    def headers(self) -> dict[str, str]:
        """As the proxy in front hands them on."""
        return {
            "Authorization": f"Bearer {self.token}",
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
        }


def customers(tokens: Sequence[str]) -> list[Customer]:
    """One for each token."""
    return [Customer(token, str(IPv4Address(_FIRST_ADDRESS + n % _ADDRESSES))) for n, token in enumerate(tokens)]


def markets(database_url: str) -> list[Market]:
    """Every market with a direct flight, by day."""
    with psycopg.connect(database_url) as connection:
        return [Market(*row) for row in connection.execute(_DIRECT)]


def popular(found: Sequence[Market], *, seed: int, most: int = HOT_MARKETS) -> list[Market]:
    """The markets that most people ask for, the most popular first."""
    dice = random.Random(seed)  # nosec B311 # repeatable
    return dice.sample(list(found), min(most, len(found)))


def by_zipf(ranked: Sequence[Market], *, seed: int) -> Iterator[Market]:
    """Markets for ever, the n-th most popular with a weight of 1/n."""
    dice = random.Random(seed)  # nosec B311 # repeatable
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(ranked) + 1)))
    while True:
        yield from dice.choices(ranked, cum_weights=weights, k=1000)


def each_once(found: Sequence[Market], *, seed: int) -> Iterator[Market]:
    """Every market in a random order, then again: neighbours have nothing in common."""
    order = list(found)
    random.Random(seed).shuffle(order)  # nosec B311 # repeatable
    yield from itertools.cycle(order)


def searches(
    wanted: Iterator[Market], people: Sequence[Customer], *, count: int, seed: int = 1, alone: bool = False
) -> Iterator[bytes]:
    """So many searches, by customers in turn; parties are mixed, or all of one adult when `alone`."""
    dice = random.Random(seed)  # nosec B311 # repeatable
    asking = itertools.cycle(people)
    for market, customer in zip(itertools.islice(wanted, count), asking, strict=False):
        party = _PARTIES[0] if alone else dice.choices(_PARTIES, _SHARES)[0]
        yield search(market, customer, party)


def search(market: Market, customer: Customer, party: Sequence[str] = ("adult",)) -> bytes:
    """One search in economy."""
    passengers = [{"type": type} | ({"age": _CHILD_AGE} if type == "child" else {}) for type in party]
    way = {"origin": market.origin, "destination": market.destination, "departure_date": market.day.isoformat()}
    body = {"slices": [way], "passengers": passengers}
    return wire.request("POST", "/v1/offers/search", host=HOST, headers=customer.headers, body=body)


def flights(wanted: Iterator[Market], people: Sequence[Customer], *, count: int) -> Iterator[bytes]:
    """So many reads of the flights on a day."""
    for market, customer in zip(itertools.islice(wanted, count), itertools.cycle(people), strict=False):
        query = f"origin={market.origin}&destination={market.destination}&departure_date={market.day}"
        yield get(f"/v1/flights?{query}", customer)


def get(path: str, customer: Customer) -> bytes:
    """One read."""
    return wire.request("GET", path, host=HOST, headers=customer.headers)
