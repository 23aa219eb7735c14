"""The body of a valid search, decoded strictly. Whatever is odd about one is for `altis.api.parsing` to judge."""

from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from catalog.models import Cabin
from offers.trip import Passenger, SearchRequest, SliceRequest

_YEARS = range(1900, 2201)
_CABIN, _OFFERS = "economy", 5
_LONGEST_CODE = 32


class _Slice(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    origin: str
    destination: str
    departure_date: date


class _Passenger(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    type: Literal["adult", "child", "infant"]
    age: Annotated[int, Meta(ge=0, le=130)] | UnsetType = UNSET


class _Search(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    slices: Annotated[list[_Slice], Meta(min_length=1, max_length=4)]
    passengers: Annotated[list[_Passenger], Meta(min_length=1, max_length=50)]
    cabin: str | UnsetType = UNSET
    max_offers: Annotated[int, Meta(ge=3, le=5)] | UnsetType = UNSET


_decoder = msgspec.json.Decoder(_Search)
_cabins = frozenset(Cabin.values)


@lru_cache(maxsize=1024)  # of bodies of 8 KB at most
def search_request(body: bytes) -> SearchRequest | None:
    """What is asked for; None for every body that is not plainly valid.

    The decoder itself refuses other types (1.0 for 1, "1" for 1, null), unknown names, NaN, bad UTF-8 and whatever is
    no JSON. It takes a name that stands twice: each name brings one colon, so there must be as many as names are known
    (a colon in a value is no airport's). Escapes are left to the other parser altogether.
    """
    if b"\\" in body:
        return None
    try:
        search = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    names = 2 + 3 * len(search.slices) + len(search.passengers)
    names += sum(one.age is not UNSET for one in search.passengers)
    names += (search.cabin is not UNSET) + (search.max_offers is not UNSET)
    cabin = _CABIN if search.cabin is UNSET else search.cabin
    if body.count(b":") != names or cabin not in _cabins:
        return None
    if not all(_plain(one) for one in search.slices):
        return None
    return SearchRequest(
        slices=tuple(SliceRequest(one.origin, one.destination, one.departure_date) for one in search.slices),
        passengers=tuple(
            Passenger(one.type, None if isinstance(one.age, UnsetType) else one.age) for one in search.passengers
        ),
        cabin=str(cabin),
        max_offers=_OFFERS if isinstance(search.max_offers, UnsetType) else search.max_offers,
    )


def _plain(slice: _Slice) -> bool:
    """Whether the codes may be those of airports, and the date is one that the API knows."""
    codes = slice.origin + slice.destination
    return (
        codes.isascii()
        and codes.isalnum()
        and 0 < len(slice.origin) <= _LONGEST_CODE
        and 0 < len(slice.destination) <= _LONGEST_CODE
        and slice.departure_date.year in _YEARS
    )
