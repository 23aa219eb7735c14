"""Flights found by what staff type: `AL 126`, `126 2026-12-04`, `LHR-JFK`, `JFK`, or an id."""

import re
from datetime import date

from django.db.models import Q

from catalog.models import Flight

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ROUTE = re.compile(r"([A-Z]{3})[-–/]([A-Z]{3})")
_AIRPORT = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"([A-Z][A-Z0-9]|[0-9][A-Z])?([0-9]{1,4})")
_CARRIER = re.compile(r"[A-Z][A-Z0-9]|[0-9][A-Z]")


def flights_like(text: str) -> Q | None:
    """The condition on flights that all words of the text make; None when a word is nothing that a flight has."""
    condition = Q()
    for word in text.replace(",", " ").split():
        found = _condition(word)
        if found is None:
            return None
        condition &= found
    return condition


def rows_of_flights_like(text: str, path: str) -> Q | None:
    """The same for rows that have a flight at this path; everything for no text."""
    condition = flights_like(text)
    if condition is None or not text.strip():
        return condition
    return Q(**{f"{path}__in": Flight.objects.filter(condition).order_by()})


def _condition(word: str) -> Q | None:
    if word.lower().startswith("flt_"):
        return Q(pk=word.lower())
    if _DATE.fullmatch(word):
        return _on(word)
    word = word.upper()
    if route := _ROUTE.fullmatch(word):
        return Q(origin=route[1], destination=route[2])
    if _AIRPORT.fullmatch(word):
        return Q(origin=word) | Q(destination=word)
    if number := _NUMBER.fullmatch(word):
        carrier = Q(carrier=number[1]) if number[1] else Q()
        return carrier & Q(flight_number=number[2])
    return Q(carrier=word) if _CARRIER.fullmatch(word) else None


def _on(word: str) -> Q | None:
    try:
        return Q(departure_date=date.fromisoformat(word))
    except ValueError:
        return None
