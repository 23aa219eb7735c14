"""What a trip becomes when one of its flights is replaced by another. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from orders.errors import ConnectionMissed, RebookingImpossible

Segment = Mapping[str, Any]
Slices = list[dict[str, Any]]


def segments_of(slices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All segments of a trip in order of travel."""
    return [segment for part in slices for segment in part["segments"]]


def segment_on(slices: Sequence[Mapping[str, Any]], flight_id: str) -> dict[str, Any]:
    """The segment that is flown on a flight; raises RebookingImpossible."""
    for segment in segments_of(slices):
        if segment["flight_id"] == flight_id:
            return segment
    raise RebookingImpossible("The order is not booked on this flight.")


def with_segment(slices: Sequence[Mapping[str, Any]], old: Segment, new: Segment, *, gap: timedelta) -> Slices:
    """The trip with another flight between the same airports in the place of one of its own.

    Raises RebookingImpossible for other airports or a flight that the trip has already, and ConnectionMissed when less
    than `gap` is left to a flight before or behind it.
    """
    if any(segment["flight_id"] == new["flight_id"] for segment in segments_of(slices)):
        raise RebookingImpossible("The order is booked on that flight already.")
    if (old["origin"], old["destination"]) != (new["origin"], new["destination"]):
        raise RebookingImpossible("That flight is not between the same airports.")
    changed: Slices = [
        {**part, "segments": [new if each["flight_id"] == old["flight_id"] else each for each in part["segments"]]}
        for part in slices
    ]
    trip = segments_of(changed)
    for earlier, later in zip(trip, trip[1:], strict=False):
        if new in (earlier, later) and _instant(later, "departing_at") - _instant(earlier, "arriving_at") < gap:
            raise ConnectionMissed
    return changed


def last_arrival(slices: Sequence[Mapping[str, Any]]) -> datetime:
    """When a trip is over."""
    return _instant(segments_of(slices)[-1], "arriving_at")


def _instant(segment: Segment, name: str) -> datetime:
    return datetime.fromisoformat(segment[name])
