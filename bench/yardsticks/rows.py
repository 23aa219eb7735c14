"""The catalogue as the DRF yardstick sees it: read by the ORM, kept in the cache for some minutes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache

from catalog.models import Bundle, Fare, Flight, Inventory

_CATALOGUE_SECONDS = 300
_SEATS_SECONDS = 60
_MOST_FLIGHTS = 10
_HUNDRED = 100


def flights_of(origin: str, destination: str, day: date, cabin: str) -> list[dict[str, Any]]:
    """The direct flights of a day with a fare in this cabin, as they are shown; one read when they are cached."""
    key = f"flights:{origin}:{destination}:{day}:{cabin}"
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        found = _read_flights(origin, destination, day, cabin)
        cache.set(key, found, _CATALOGUE_SECONDS)
    return found


def bundles_on_sale() -> list[dict[str, Any]]:
    """The bundles with their products. They hardly ever change: a process reads them once."""
    if not _bundles:
        rows = Bundle.objects.filter(active=True).prefetch_related("items__product").order_by("position")
        _bundles.extend(_bundle(row) for row in rows)
    return _bundles


def seats_left(inventory_ids: Sequence[int]) -> dict[int, int]:
    """What is left of each; one read when it is cached."""
    keys = {f"seats:{id}": id for id in inventory_ids}
    left = {keys[key]: seats for key, seats in cache.get_many(keys).items()}
    if missing := [id for id in inventory_ids if id not in left]:
        read = {row.pk: row.available for row in Inventory.objects.filter(pk__in=missing)}
        cache.set_many({f"seats:{id}": seats for id, seats in read.items()}, _SEATS_SECONDS)
        left |= read
    return left


_bundles: list[dict[str, Any]] = []


def _read_flights(origin: str, destination: str, day: date, cabin: str) -> list[dict[str, Any]]:
    flights = list(
        Flight.objects.filter(origin=origin, destination=destination, departure_date=day, sales_open=True)
        .select_related("origin", "destination", "aircraft")
        .order_by("departing_at")[:_MOST_FLIGHTS]
    )
    seats = Inventory.objects.filter(flight__in=flights, cabin=cabin)
    inventory = {row.flight_id: row.pk for row in seats}
    fares = {fare.schedule_id: fare for fare in Fare.objects.filter(cabin=cabin, schedule__flights__in=flights)}
    return [
        {
            "flight_number": flight.flight_number,
            "inventory_id": inventory[flight.pk],
            "base": _decimal(fares[flight.schedule_id].base_minor),
            "segment": _segment(flight, cabin),
        }
        for flight in flights
        if flight.pk in inventory and flight.schedule_id in fares
    ]


def _segment(flight: Flight, cabin: str) -> dict[str, Any]:
    return {
        "flight_id": flight.pk,
        "carrier": flight.carrier,
        "flight_number": flight.flight_number,
        "origin": flight.origin_id,
        "destination": flight.destination_id,
        "departing_at": flight.departing_at.isoformat(),
        "arriving_at": flight.arriving_at.isoformat(),
        "departing_at_local": _wall_time(flight.departing_at, flight.origin.time_zone),
        "arriving_at_local": _wall_time(flight.arriving_at, flight.destination.time_zone),
        "origin_time_zone": flight.origin.time_zone,
        "destination_time_zone": flight.destination.time_zone,
        "aircraft": flight.aircraft.name,
        "cabin": cabin,
    }


def _bundle(row: Bundle) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "discount_percent": str(row.discount_percent),
        "refundable": row.refundable,
        "refund_penalty": _decimal(row.refund_penalty_minor),
        "changeable": row.changeable,
        "change_penalty": _decimal(row.change_penalty_minor),
        "parts": [
            {
                "id": part.product.pk,
                "type": part.product.type,
                "name": part.product.name,
                "price": _decimal(part.product.base_price_minor),
                "quantity": part.quantity,
            }
            for part in row.items.all()
        ],
    }


def _decimal(minor: int) -> str:
    return f"{minor // _HUNDRED}.{minor % _HUNDRED:02d}"


def _wall_time(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat()
