"""Weekly timetables in local time, expanded into dated departures in UTC. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a flight number leaves: `departs_at` on the wall clock of `zone`, on `weekdays` (`1` is Monday)."""

    zone: str
    departs_at: time
    block_minutes: int
    weekdays: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Departure:
    """One dated flight: the local date at the origin, and both ends in UTC."""

    day: date
    departing_at: datetime
    arriving_at: datetime


def expand(timetable: Timetable, days: Iterable[date]) -> Iterator[Departure]:
    """The departures of the timetable on those of the days (local dates at the origin) on which it runs.

    A flight arrives its block time after it left, whatever clocks do meanwhile.
    """
    block = timedelta(minutes=timetable.block_minutes)
    for day in days:
        if not timetable.valid_from <= day <= timetable.valid_to or str(day.isoweekday()) not in timetable.weekdays:
            continue
        leaves = instant(day, timetable.departs_at, timetable.zone)
        yield Departure(day, leaves, leaves + block)


def instant(day: date, wall: time, zone: str) -> datetime:
    """The UTC instant at which clocks in the zone show `wall` on `day`.

    A time that clocks skip moves forward by what they skip; of a time that they show twice it is the first: both are
    what PEP 495 gives to fold 0.
    """
    return datetime.combine(day, wall.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


def wall_time(local: datetime) -> str:
    """What a clock there shows, without offset: `2026-12-01T09:30:00`."""
    return local.replace(tzinfo=None).isoformat(timespec="seconds")


def days_from(start: date, count: int) -> Iterator[date]:
    """`count` days in a row."""
    return (start + timedelta(days=number) for number in range(count))
