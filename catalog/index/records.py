"""What the index is made of: small objects, tens of thousands of them, that hold what a search needs. Pure.

A search runs while another thread changes what is available. So whatever changes together is one `Look`, which is never
changed but replaced: who takes the look of a cell once has figures that belong together.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from sys import intern
from zoneinfo import ZoneInfo

import orjson

from catalog.pricing import demand_minor, infant_minor
from catalog.schedule import wall_time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _zone(name: str) -> ZoneInfo:
    """The standard library keeps eight of them; to read one from its file takes longer than a search."""
    return ZoneInfo(name)


class Look:
    """What is left of an inventory at one moment, and what an adult's seat costs then (minor units)."""

    __slots__ = ("available", "fare")

    def __init__(self, available: int, fare: int) -> None:
        self.available = available
        self.fare = fare

    @property
    def infant_fare(self) -> int:
        """What an infant pays."""
        return infant_minor(self.fare)


class Cell:
    """An inventory: one cabin of a flight with its base fare, or a limited product on a flight (`cabin` is empty)."""

    __slots__ = ("base_minor", "cabin", "capacity", "currency", "inventory_id", "look", "version")

    def __init__(self, inventory_id: int, cabin: str, capacity: int, base_minor: int, currency: str) -> None:
        self.inventory_id = inventory_id
        self.cabin = cabin
        self.capacity = capacity
        self.base_minor = base_minor
        self.currency = currency
        self.version = -1
        self.look = Look(0, 0)

    def hear(self, available: int, version: int) -> None:
        """Take over what the ledger said as of a version."""
        self.version = version
        fare = self.base_minor
        if self.cabin and self.capacity > 0:
            fare += demand_minor(fare, available=available, capacity=self.capacity)
        self.look = Look(max(0, available), fare)


class Leg:
    """A dated flight on sale. `departs` and `arrives` in microseconds since 1970, UTC.

    `cabins` are those with a fare, from back to front; `extras` the limited products by their id.
    """

    __slots__ = (
        "_hour",
        "_texts",
        "aircraft",
        "arrives",
        "cabins",
        "carrier",
        "day",
        "departs",
        "destination",
        "destination_zone",
        "extras",
        "id",
        "number",
        "origin",
        "origin_zone",
    )

    def __init__(self, id: str, carrier: str, number: str, ends: tuple[str, str, str, str]) -> None:
        self.id = id
        self.carrier = carrier
        self.number = number
        self.origin, self.destination, self.origin_zone, self.destination_zone = ends
        self.departs = self.arrives = 0
        self.day = date.min
        self.aircraft = ""
        self.cabins: tuple[Cell, ...] = ()
        self.extras: tuple[tuple[str, Cell], ...] = ()
        self._texts: tuple[str, str, str] | None = None
        self._hour = -1

    @property
    def departing_at(self) -> datetime:
        """When it departs, in UTC."""
        return _EPOCH + timedelta(microseconds=self.departs)

    @property
    def arriving_at(self) -> datetime:
        """When it arrives, in UTC."""
        return _EPOCH + timedelta(microseconds=self.arrives)

    @property
    def departing_at_local(self) -> str:
        """The departure on the origin's wall clock, without offset."""
        return wall_time(self.departing_at.astimezone(_zone(self.origin_zone)))

    @property
    def arriving_at_local(self) -> str:
        """The arrival on the destination's wall clock, without offset."""
        return wall_time(self.arriving_at.astimezone(_zone(self.destination_zone)))

    @property
    def local_hour(self) -> int:
        """The hour, 0 to 23, that clocks at the origin show when it departs."""
        if self._hour < 0:
            self._hour = self.departing_at.astimezone(_zone(self.origin_zone)).hour
        return self._hour

    @property
    def texts(self) -> tuple[str, str, str]:
        """Pieces of JSON that take long to make, without what is around them.

        First the members that lists of flights and offers share: carrier to aircraft. Then the same facts in a row, id
        to time zones, as a document has them; and the aircraft.
        """
        if self._texts is None:
            self._texts = self._render()
        return self._texts

    def prepare(self) -> None:
        """Make what every search needs of it, before the first one comes."""
        self._texts = self._texts or self._render()
        self._hour = self.local_hour

    def cabin(self, name: str) -> Cell | None:
        """The cabin of this name, if the flight sells one."""
        for cell in self.cabins:
            if cell.cabin == name:
                return cell
        return None

    def units_of(self, product_id: str) -> Cell | None:
        """The limited product of this id, if the flight has units of it."""
        for id, cell in self.extras:
            if id == product_id:
                return cell
        return None

    def _render(self) -> tuple[str, str, str]:
        facts = {
            "carrier": self.carrier,
            "flight_number": self.number,
            "origin": self.origin,
            "destination": self.destination,
            "departing_at": _utc(self.departing_at),
            "arriving_at": _utc(self.arriving_at),
            "departing_at_local": self.departing_at_local,
            "arriving_at_local": self.arriving_at_local,
            "origin_time_zone": self.origin_zone,
            "destination_time_zone": self.destination_zone,
        }
        row = orjson.dumps([self.id, *facts.values()]).decode()[1:-1]
        aircraft = orjson.dumps(self.aircraft).decode()
        return orjson.dumps({**facts, "aircraft": self.aircraft}).decode()[1:-1], row, intern(aircraft)


def _utc(instant: datetime) -> str:
    """As `altis.shared.clock.iso` writes an instant that is in UTC already."""
    return f"{instant.isoformat(timespec='milliseconds')[:-6]}Z"
