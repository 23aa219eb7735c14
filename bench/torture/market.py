"""What there is to buy: trips that a customer may ask for, and the prey, small cabins that many ask for at once."""

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
import psycopg

_LARGEST_PREY = 30
_MOST_PREY = 3
# Tomorrow and later: nothing that stops being sold when the clock jumps by half an hour.
_FLIGHTS = """
    SELECT f.origin_id, f.destination_id, f.departure_date::text, i.cabin, sum(i.capacity)::int
    FROM catalog_flight f JOIN catalog_inventory i ON i.flight_id = f.id
    WHERE i.cabin <> '' AND f.sales_open AND f.departing_at > now() + interval '18 hours'
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Trip:
    """One way on a day in a cabin that has so many seats."""

    origin: str
    destination: str
    day: str
    cabin: str
    seats: int


@dataclass(frozen=True, slots=True)
class Market:
    """Where there is room, and where there is hardly any."""

    trips: tuple[Trip, ...]
    prey: tuple[Trip, ...]

    def write(self, file: Path) -> None:
        """For the customers' processes."""
        file.write_bytes(orjson.dumps(asdict(self)))


def read_market(file: Path) -> Market:
    """What `Market.write` wrote."""
    told = orjson.loads(file.read_bytes())
    return Market(*(tuple(Trip(**trip) for trip in told[name]) for name in ("trips", "prey")))


def survey(database_url: str) -> Market:
    """Look at the seeded flights; raises LookupError when nothing is for sale."""
    with psycopg.connect(database_url) as connection:
        found = [Trip(*row) for row in connection.execute(_FLIGHTS)]
    if not found:
        raise LookupError("no flight to sell from tomorrow on")
    small = sorted((trip for trip in found if trip.seats <= _LARGEST_PREY), key=lambda trip: (trip.seats, trip.day))
    prey = tuple(small[:_MOST_PREY])
    return Market(tuple(trip for trip in found if trip not in prey), prey)
