"""A trip as values: who travels, what was asked for, and the flights that answer it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from altis.shared.money import Money
from catalog.pricing import PassengerType

PASSENGER_TYPES: tuple[PassengerType, ...] = ("adult", "child", "infant")


@dataclass(frozen=True, slots=True)
class Passenger:
    """A traveller as searched for; `age` in whole years, when it was told."""

    type: PassengerType
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """How many travel together, by type."""

    adults: int
    children: int = 0
    infants: int = 0

    @classmethod
    def of(cls, passengers: Sequence[Passenger]) -> "Party":
        """The party that these passengers make."""
        types = [passenger.type for passenger in passengers]
        return cls(*(types.count(type) for type in PASSENGER_TYPES))

    @property
    def seated(self) -> int:
        """Travellers with a seat of their own: infants travel on a lap."""
        return self.adults + self.children

    def groups(self) -> list[tuple[PassengerType, int]]:
        """Each type that travels, with its number."""
        counts = zip(PASSENGER_TYPES, (self.adults, self.children, self.infants), strict=True)
        return [(type, count) for type, count in counts if count]


@dataclass(frozen=True, slots=True)
class SliceRequest:
    """One slice asked for: airports by IATA code, and the local date at the origin."""

    origin: str
    destination: str
    departure_date: date


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a customer asks for. Nothing in it says who asks."""

    slices: tuple[SliceRequest, ...]
    passengers: tuple[Passenger, ...]
    cabin: str = "economy"
    max_offers: int = 5
    _number: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        # Kept: the same request comes again and again, and is looked up by itself each time.
        if not self._number:
            number = hash((self.slices, self.passengers, self.cabin, self.max_offers)) or 1
            object.__setattr__(self, "_number", number)
        return self._number

    @property
    def party(self) -> Party:
        """The travellers, counted by type."""
        return Party.of(self.passengers)


@dataclass(frozen=True, slots=True)
class Segment:
    """One flight in one cabin. Instants are in UTC; `*_local` is the airport's wall clock, ISO 8601 without offset."""

    flight_id: str
    carrier: str
    flight_number: str
    origin: str
    destination: str
    departing_at: datetime
    arriving_at: datetime
    departing_at_local: str
    arriving_at_local: str
    origin_time_zone: str
    destination_time_zone: str
    cabin: str
    aircraft: str


@dataclass(frozen=True, slots=True)
class Seats:
    """What is on sale of a segment's cabin: its ledger entry, its size, what is left, and the fare when empty."""

    inventory_id: int
    capacity: int
    available: int
    base: Money


@dataclass(frozen=True, slots=True)
class Option:
    """One way to fly a slice: a segment, or two with a stop between, and the seats of each."""

    segments: tuple[Segment, ...]
    seats: tuple[Seats, ...]

    @property
    def departing_at(self) -> datetime:
        """When the first segment departs."""
        return self.segments[0].departing_at

    @property
    def arriving_at(self) -> datetime:
        """When the last segment arrives."""
        return self.segments[-1].arriving_at

    @property
    def minutes(self) -> int:
        """From departure to arrival, stops included."""
        return int((self.arriving_at - self.departing_at).total_seconds()) // 60

    @property
    def stops(self) -> int:
        """Changes of aircraft on the way."""
        return len(self.segments) - 1

    def seats_for(self, travellers: int) -> bool:
        """Whether every segment has this many seats left."""
        return all(seats.available >= travellers for seats in self.seats)


@dataclass(frozen=True, slots=True)
class Itinerary:
    """A whole trip: one option per slice, in order of travel."""

    slices: tuple[Option, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments in order; their position is the `segment` of an offer's item."""
        return tuple(segment for option in self.slices for segment in option.segments)

    @property
    def minutes(self) -> int:
        """Time spent travelling, over all slices."""
        return sum(option.minutes for option in self.slices)

    @property
    def stops(self) -> int:
        """Changes of aircraft, over all slices."""
        return sum(option.stops for option in self.slices)
