"""The way back to the search form, filled in for a trip that came to nothing."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from altis.shop.search_address import search_address
from offers.trip import PASSENGER_TYPES


def search_again(trip: Mapping[str, Any]) -> str:
    """The address of the form for the same trip; `trip` is an offer or an order in the shape of the REST contract.

    The form knows one way and return trips: of any other it gets the first slice.
    """
    there, *others = trip["slices"]
    asked: dict[str, str | int] = {
        "origin": there["origin"],
        "destination": there["destination"],
        "date": _day(there),
        "cabin": there["segments"][0]["cabin"],
    }
    if len(others) == 1 and others[0]["destination"] == there["origin"]:
        asked["back"] = _day(others[0])
    counted = Counter(person["type"] for person in trip["passengers"])
    names = dict(zip(PASSENGER_TYPES, ("adults", "children", "infants"), strict=True))
    return search_address({**asked, **{names[type]: counted[type] for type in names}}, page="shop")


def _day(slice: Mapping[str, Any]) -> str:
    return str(slice["segments"][0]["departing_at_local"])[:10]
