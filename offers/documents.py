"""The offer as a document: all that is needed to show it, and to place its order without asking the catalog again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from altis.shared.ids import new_id
from altis.shared.money import Money
from offers.bundles import Conditions, OfferItem
from offers.trip import Passenger, Segment

__all__ = [
    "Conditions",
    "OfferDocument",
    "OfferItem",
    "OfferSlice",
    "Passenger",
    "SearchDocument",
    "Segment",
    "new_search_id",
    "offer_id",
    "search_id_of",
]

_PREFIX = len("off")


@dataclass(frozen=True, slots=True)
class OfferSlice:
    """One slice as offered: its ends and its segments."""

    origin: str
    destination: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class OfferDocument:
    """One offer. Amounts in minor units of `currency`; `score` and the contributions are decimal strings."""

    id: str
    search_id: str
    bundle: str
    bundle_name: str
    rank: int
    score: str
    created_at: datetime
    expires_at: datetime
    currency: str
    total_minor: int
    slices: tuple[OfferSlice, ...]
    passengers: tuple[Passenger, ...]
    conditions: Conditions
    rank_explanation: tuple[tuple[str, str], ...]
    items: tuple[OfferItem, ...]
    propensity: str = "1.0000"

    @property
    def total(self) -> Money:
        """What the whole offer costs."""
        return Money(self.total_minor, self.currency)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments in order of travel; an item's `segment` is a position in it."""
        return tuple(segment for slice in self.slices for segment in slice.segments)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, for a JSON column."""
        data: dict[str, Any] = orjson.loads(_dumps(self))
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "OfferDocument":
        """The document that `as_json` gave."""
        return cls(
            **{
                **data,
                "created_at": datetime.fromisoformat(data["created_at"]),
                "expires_at": datetime.fromisoformat(data["expires_at"]),
                "slices": tuple(_slice(slice) for slice in data["slices"]),
                "passengers": tuple(Passenger(**passenger) for passenger in data["passengers"]),
                "conditions": Conditions(**data["conditions"]),
                "rank_explanation": _pairs(data["rank_explanation"]),
                "items": tuple(
                    OfferItem(**{**item, "explanation": _pairs(item["explanation"])}) for item in data["items"]
                ),
            }
        )


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """The offers of one search. `weight`: how many searches its impression stands for, None when it is not sampled."""

    id: str
    created_at: datetime
    expires_at: datetime
    offers: tuple[OfferDocument, ...]
    weight: str | None = "1.0000"

    def impression(self) -> bytes:
        """What was shown, as JSON: no price components, no passengers, nothing of who asked."""
        shown = [
            {
                "id": offer.id,
                "bundle": offer.bundle,
                "rank": offer.rank,
                "score": offer.score,
                "propensity": offer.propensity,
                "total": offer.total.as_json(),
            }
            for offer in self.offers
        ]
        return _dumps(
            {
                "search_id": self.id,
                "shown_at": self.created_at,
                "expires_at": self.expires_at,
                "offers": shown,
                "weight": self.weight,
            }
        )


def new_search_id() -> str:
    """An unguessable `sch_` id (75 random bits) that ends in 0, where its offers have their rank."""
    return new_id("sch")[:-1] + "0"


def offer_id(search_id: str, rank: int) -> str:
    """The id of the search's offer of this rank (1 to 9): it sorts by time and rank, and leads back to the search."""
    return f"off{search_id[_PREFIX:-1]}{rank}"


def search_id_of(offer_id: str) -> str:
    """The search that an offer belongs to, by the offer's id."""
    return f"sch{offer_id[_PREFIX:-1]}0"


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def _slice(data: dict[str, Any]) -> OfferSlice:
    return OfferSlice(data["origin"], data["destination"], tuple(_segment(segment) for segment in data["segments"]))


def _segment(data: dict[str, Any]) -> Segment:
    instants = {name: datetime.fromisoformat(data[name]) for name in ("departing_at", "arriving_at")}
    return Segment(**{**data, **instants})


def _pairs(rows: Sequence[Sequence[Any]]) -> tuple[tuple[Any, Any], ...]:
    return tuple((label, value) for label, value in rows)
