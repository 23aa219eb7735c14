"""The documents of an order as its page shows them: each with who and what it is for. Pure."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from orders.barcodes.fields import MAX_LEGS
from orders.lifecycle import ItemStatus, OrderStatus
from orders.rebooking import segments_of

_SETTLED: Final = (OrderStatus.FULFILLED, OrderStatus.ARCHIVED)
Json = Mapping[str, Any]


def documents_of(order: Json) -> list[dict[str, Any]]:
    """The valid documents of an order, in the shape of the REST contract, boarding documents first.

    Those of an erased person have nothing in them, and are left out.
    """
    if order["status"] not in _SETTLED:
        return []
    readable = [one for one in order["documents"] if one["barcode"]["payload"]]
    boarding = [one for one in readable if one["type"] == "boarding_document"]
    vouchers = [one for one in readable if one["type"] == "voucher"]
    people = {person["id"]: person for person in order["passengers"]}
    return [*_boarding(order, boarding, people), *(_voucher(order, one, people) for one in vouchers)]


def _voucher(order: Json, document: Json, people: Mapping[str, Json]) -> dict[str, Any]:
    """With the flight that it is for, when it is for one."""
    [item] = [item for item in order["items"] if item["id"] == document["item_id"]]
    legs = dict(enumerate(segments_of(order["slices"])))
    return {
        "id": document["id"],
        "person": people.get(document["passenger_id"]),
        "item": item,
        "leg": legs.get(item["segment"]),
    }


def _boarding(order: Json, documents: list[Json], people: Mapping[str, Json]) -> list[dict[str, Any]]:
    """A boarding document has up to four flights; a traveller's next one has those behind them."""
    segments = segments_of(order["slices"])
    shown = []
    for passenger_id, theirs in groupby(documents, key=lambda one: one["passenger_id"]):
        seats = _seats(order, passenger_id)
        for number, document in enumerate(theirs):
            first = number * MAX_LEGS
            legs = [
                {**segment, "seat": seats.get(first + place, "")}
                for place, segment in enumerate(segments[first : first + MAX_LEGS])
            ]
            shown.append({"id": document["id"], "person": people[passenger_id], "legs": legs})
    return shown


def _seats(order: Json, passenger_id: str) -> dict[int, str]:
    """A passenger's seats by flight. Bags and meals of the same flight have none, and an exchanged seat is gone."""
    return {
        item["segment"]: item["seat"]
        for item in order["items"]
        if item["passenger_id"] == passenger_id and item["seat"] and item["status"] == ItemStatus.CONFIRMED
    }
