"""An offer as a visitor reads it: flights, contents, conditions, and why it costs what it costs. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from altis.shop.price_lines import lines_of
from orders.lifecycle import ItemStatus

Offer = Mapping[str, Any]


def cards_of(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """The offers in the order of their rank, as what the template shows."""
    return [card_of(offer) for offer in offers]


def card_of(offer: Offer) -> dict[str, Any]:
    """One offer, or an order: both have slices, items and conditions in the shape of the REST contract."""
    # Another item has taken the place of an exchanged one: with both, an order's price would not add up.
    items = [item for item in offer["items"] if item.get("status") != ItemStatus.EXCHANGED]
    return {
        "offer": offer,
        "ways": [way_of(slice) for slice in offer["slices"]],
        "each": each_of(offer["passengers"]),
        "flights": _flights(len(offer["slices"])),
        "included": included(items, _seated(offer["passengers"]), _count(offer["slices"])),
        "conditions": conditions(offer["conditions"]),
        "lines": lines_of(items),
    }


def way_of(slice: Mapping[str, Any]) -> dict[str, Any]:
    """One way of the trip: its ends, its flights, how long it takes and where one changes."""
    segments = slice["segments"]
    first, last = segments[0], segments[-1]
    changes = [
        {"at": one["destination"], "wait": duration(_seconds(one["arriving_at"], other["departing_at"]))}
        for one, other in pairwise(segments)
    ]
    return {
        "origin": slice["origin"],
        "destination": slice["destination"],
        "first": first,
        "last": last,
        "segments": segments,
        "duration": duration(_seconds(first["departing_at"], last["arriving_at"])),
        "stops": f"1 stop in {changes[0]['at']}"
        if len(changes) == 1
        else f"{len(changes)} stops"
        if changes
        else "Direct",
        "changes": changes,
        "days": _days(first["departing_at_local"], last["arriving_at_local"]),
    }


def each_of(passengers: Sequence[Mapping[str, Any]]) -> str:
    """Whom the list of contents is for, where that is not plain."""
    seated = _seated(passengers)
    laps = len(passengers) - seated
    with_laps = f", with {laps} infant{'s' if laps > 1 else ''} on the lap" if laps else ""
    if seated > 1:
        return f"For each of {seated} travellers{with_laps}"
    return f"For one traveller{with_laps}" if laps else ""


def included(items: Sequence[Mapping[str, Any]], seated: int, flights: int) -> list[str]:
    """What comes with the flights, by traveller and flight; all in all where that does not come out even."""
    counted: dict[str, int] = {}
    for item in items:
        if item["type"] != "flight":
            counted[item["name"]] = counted.get(item["name"], 0) + item["quantity"]
    return [_times(name, count, seated, flights) for name, count in counted.items()]


def conditions(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What may be done later, in words; `good` where it may."""
    if not found:
        return []
    return [
        _condition("Refund", found["refundable"], found["refund_penalty"], "Not refundable"),
        _condition("Change", found["changeable"], found["change_penalty"], "Cannot be changed"),
    ]


def duration(seconds: float) -> str:
    """`7 h 55 min`."""
    hours, minutes = divmod(round(seconds) // 60, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def _condition(what: str, allowed: bool, penalty: Mapping[str, str], never: str) -> dict[str, Any]:
    if not allowed:
        return {"good": False, "text": never}
    if not penalty["amount"].strip("0."):
        return {"good": True, "text": f"{what} without a fee"}
    return {"good": True, "text": f"{what} for a fee of", "fee": penalty}


def _times(name: str, count: int, seated: int, flights: int) -> str:
    for people in (seated * flights, seated):
        each, rest = divmod(count, people)
        if not rest:
            return f"{each} × {name}" if each > 1 else name
    return f"{count} × {name} in all"


def _seated(passengers: Sequence[Mapping[str, Any]]) -> int:
    """Whoever has a seat, which an infant has not; at least one, to divide by."""
    return max(1, len([passenger for passenger in passengers if passenger.get("type") != "infant"]))


def _count(slices: Sequence[Mapping[str, Any]]) -> int:
    return max(1, sum(len(slice["segments"]) for slice in slices))


def _flights(ways: int) -> str:
    return {1: "Flight", 2: "Flights there and back"}.get(ways, f"Flights, {ways} ways")


def _seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


def _days(departing: str, arriving: str) -> int:
    """Days later that it arrives, on the wall clocks of both ends."""
    return (datetime.fromisoformat(arriving).date() - datetime.fromisoformat(departing).date()).days
