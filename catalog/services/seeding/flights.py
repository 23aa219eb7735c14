"""Schedules of the seeded network, expanded into dated flights with their inventory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from altis.shared.ids import derived_id
from altis.shared.money import Money
from altis.store.database import command
from catalog.models import Fare, Flight, Schedule
from catalog.schedule import Departure, Timetable, days_from, expand
from catalog.services.seeding.inventory import add_inventory
from catalog.services.seeding.network import Route, network

# Seeded timetables have no season: they run for as long as anybody seeds days.
_VALID_FROM, _VALID_TO = date(2000, 1, 1), date(2099, 12, 31)
_FLIGHTS_AT_ONCE = 1500


@dataclass(frozen=True, slots=True)
class FlightsSeeded:
    """What was missing and has been added, and how many flights the season has in all."""

    schedules: int
    flights: int
    inventories: int
    season: int


def seed_flights(
    *, days: int, routes: int, seed: int, start: date, progress: Callable[[int], None] | None = None
) -> FlightsSeeded:
    """Add the flights of `days` days from `start` (local dates) that are missing; nothing that exists is changed.

    Needs `seed_reference` first. Existing schedules are expanded as staff left them. `progress` is told of each batch
    how many flights it had. Raises RoutesOutOfRange.
    """
    plan = network(routes=routes, seed=seed)
    new_schedules = _add_schedules(plan)
    numbers = [route.flight_number for route in plan]
    found = Schedule.objects.filter(carrier=settings.ALTIS_CARRIER, flight_number__in=numbers)
    schedules = list(found.select_related("origin").order_by("pk"))
    at_once = max(1, _FLIGHTS_AT_ONCE // max(1, days))
    season = new_flights = new_inventories = 0
    for first in range(0, len(schedules), at_once):
        batch = schedules[first : first + at_once]
        rows = [
            _flight(schedule, leg) for schedule in batch for leg in expand(_timetable(schedule), days_from(start, days))
        ]
        flights, inventories = _add_flights(batch, rows, first=start, last=start + timedelta(days=days - 1))
        season, new_flights, new_inventories = season + len(rows), new_flights + flights, new_inventories + inventories
        if progress:
            progress(len(rows))
    if new_flights:
        _refresh_statistics()
    return FlightsSeeded(new_schedules, new_flights, new_inventories, season)


def _add_schedules(plan: Sequence[Route]) -> int:
    with command():
        ours = Schedule.objects.filter(carrier=settings.ALTIS_CARRIER)
        known = set(ours.values_list("flight_number", flat=True))
        missing = [route for route in plan if route.flight_number not in known]
        schedules = Schedule.objects.bulk_create(_schedule(route) for route in missing)
        Fare.objects.bulk_create(
            Fare(schedule=schedule, cabin=cabin, base_minor=_minor(fare), currency=settings.ALTIS_CURRENCY)
            for schedule, route in zip(schedules, missing, strict=True)
            for cabin, fare in route.fares.items()
        )
    return len(missing)


def _add_flights(batch: Sequence[Schedule], rows: Sequence[Flight], *, first: date, last: date) -> tuple[int, int]:
    """One short transaction, so an interrupted run goes on where it stopped; counts new flights and inventories."""
    season = Flight.objects.filter(schedule__in=batch, departure_date__range=(first, last))
    with command():
        before = season.count()
        Flight.objects.bulk_create(rows, ignore_conflicts=True)
        inventories = add_inventory(schedules=[schedule.pk for schedule in batch], first=first, last=last)
        return season.count() - before, inventories


def _refresh_statistics() -> None:
    """Searches are planned right at once, not only when autovacuum has come by."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_schedule, catalog_fare, catalog_flight, catalog_inventory")


def _schedule(route: Route) -> Schedule:
    return Schedule(
        carrier=settings.ALTIS_CARRIER,
        flight_number=route.flight_number,
        origin_id=route.origin.code,
        destination_id=route.destination.code,
        aircraft_id=route.aircraft.code,
        departs_at=route.departs_at,
        block_minutes=route.block_minutes,
        valid_from=_VALID_FROM,
        valid_to=_VALID_TO,
    )


def _timetable(schedule: Schedule) -> Timetable:
    return Timetable(
        zone=schedule.origin.time_zone,
        departs_at=schedule.departs_at,
        block_minutes=schedule.block_minutes,
        weekdays=schedule.weekdays,
        valid_from=schedule.valid_from,
        valid_to=schedule.valid_to,
    )


def _flight(schedule: Schedule, leg: Departure) -> Flight:
    milliseconds = int(leg.departing_at.timestamp()) * 1000
    return Flight(
        id=derived_id("flt", milliseconds, schedule.carrier, schedule.flight_number, leg.day.isoformat()),
        schedule=schedule,
        carrier=schedule.carrier,
        flight_number=schedule.flight_number,
        origin_id=schedule.origin_id,
        destination_id=schedule.destination_id,
        aircraft_id=schedule.aircraft_id,
        departure_date=leg.day,
        departing_at=leg.departing_at,
        arriving_at=leg.arriving_at,
    )


def _minor(major: int) -> int:
    return Money.of(major, settings.ALTIS_CURRENCY).minor
