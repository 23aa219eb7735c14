"""What one Redis key holds of a search: all of its offers, each shared part written once. Pure.

JSON with these members; positions count from 0:

    id, at, until, currency   the search, and from when until when its offers live
    travellers                [type, age or null]
    slices                    [origin, destination]
    names                     tuples of labels: of price lines, and of what the ranker looks at
    segments                  the fields of `Segment`, in their order
    bundles                   [code, name, refundable, penalty, changeable, penalty]
    goods                     [product id, type, name, unit price, names, [amount of each line]]
    parts                     lists of items: [good, quantity, slice, segment, passenger type, inventory id, units],
                              cut after the last that is not null
    offers                    [rank, bundle, propensity, names, [contribution in ten-thousandths], [[segment of each
                              slice]], [part]]

An offer's total is the sum of its items', its score the sum of its contributions. Nothing else is needed to place its
order.
"""

from collections.abc import Hashable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import orjson

from offers.documents import Conditions, OfferDocument, OfferItem, OfferSlice, Passenger, SearchDocument, Segment
from offers.documents import offer_id as id_of

FLIGHT = "flight"  # the items of a fare are one part, those of a bundle another
_INSTANTS = tuple(list(Segment.__slots__).index(name) for name in ("departing_at", "arriving_at"))
_NOWHERE: list[Any] = [None, None, None, None, None]  # slice, segment, passenger type, inventory id, units


class _Table:
    """Values in order of first use, each once."""

    def __init__(self) -> None:
        self._places: dict[Hashable, int] = {}

    def place(self, value: Hashable) -> int:
        """Where the value stands; it is added when it is new."""
        return self._places.setdefault(value, len(self._places))

    @property
    def values(self) -> list[Hashable]:
        """What goes into the document."""
        return list(self._places)


class _Packer:
    """The tables of one search."""

    def __init__(self) -> None:
        self.names, self.segments, self.bundles, self.goods, self.parts = (_Table() for _ in range(5))

    def offer(self, offer: OfferDocument) -> list[Any]:
        """One line of `offers`."""
        conditions = offer.conditions
        bundle = (
            offer.bundle,
            offer.bundle_name,
            conditions.refundable,
            conditions.refund_penalty_minor,
            conditions.changeable,
            conditions.change_penalty_minor,
        )
        features = tuple(feature for feature, _ in offer.rank_explanation)
        return [
            offer.rank,
            self.bundles.place(bundle),
            offer.propensity,
            self.names.place(features),
            [int(Decimal(contribution).scaleb(4)) for _, contribution in offer.rank_explanation],
            [[self.segments.place(segment) for segment in slice.segments] for slice in offer.slices],
            [
                self.parts.place(tuple(self._item(item) for item in items))
                for _, items in groupby(offer.items, key=lambda item: item.type == FLIGHT)
            ],
        ]

    def _item(self, item: OfferItem) -> tuple[Any, ...]:
        lines = self.names.place(tuple(label for label, _ in item.explanation))
        amounts = tuple(minor for _, minor in item.explanation)
        good = self.goods.place((item.product_id, item.type, item.name, item.unit_minor, lines, amounts))
        where = [item.slice, item.segment, item.passenger_type, item.inventory_id, item.units or None]
        while where and where[-1] is None:
            where.pop()
        return (good, item.quantity, *where)


def pack(search: SearchDocument) -> bytes:
    """The search's offers as one document."""
    packer = _Packer()
    offers = [packer.offer(offer) for offer in search.offers]
    first = search.offers[0]
    return orjson.dumps(
        {
            "id": search.id,
            "at": search.created_at,
            "until": search.expires_at,
            "currency": first.currency,
            "travellers": [[passenger.type, passenger.age] for passenger in first.passengers],
            "slices": [[slice.origin, slice.destination] for slice in first.slices],
            "names": packer.names.values,
            "segments": [_fields(segment) for segment in packer.segments.values],
            "bundles": packer.bundles.values,
            "goods": packer.goods.values,
            "parts": packer.parts.values,
            "offers": offers,
        },
        option=orjson.OPT_UTC_Z,
    )


def read_offer(document: bytes, id: str) -> OfferDocument | None:
    """One offer out of a document, None when the search has no such offer."""
    data = orjson.loads(document)
    return next((_offer(line, data) for line in data["offers"] if id_of(data["id"], line[0]) == id), None)


def read_offers(document: bytes) -> tuple[OfferDocument, ...]:
    """All offers of a document, best first."""
    data = orjson.loads(document)
    return tuple(_offer(line, data) for line in data["offers"])


def _offer(line: Sequence[Any], data: dict[str, Any]) -> OfferDocument:
    rank, bundle, propensity, names, contributions, flown, taken = line
    code, name, *conditions = data["bundles"][bundle]
    items = tuple(_item(item, data) for place in taken for item in data["parts"][place])
    return OfferDocument(
        id=id_of(data["id"], rank),
        search_id=data["id"],
        bundle=code,
        bundle_name=name,
        rank=rank,
        score=_decimal(sum(contributions)),
        created_at=datetime.fromisoformat(data["at"]),
        expires_at=datetime.fromisoformat(data["until"]),
        currency=data["currency"],
        total_minor=sum(item.total_minor for item in items),
        slices=tuple(
            OfferSlice(origin, destination, tuple(_segment(data["segments"][place]) for place in places))
            for (origin, destination), places in zip(data["slices"], flown, strict=True)
        ),
        passengers=tuple(Passenger(type, age) for type, age in data["travellers"]),
        conditions=Conditions(*conditions),
        rank_explanation=tuple(zip(data["names"][names], map(_decimal, contributions), strict=True)),
        items=items,
        propensity=propensity,
    )


def _item(line: Sequence[Any], data: dict[str, Any]) -> OfferItem:
    good, quantity, *where = line
    product_id, type, name, unit, names, amounts = data["goods"][good]
    slice, segment, passenger_type, inventory_id, units = [*where, *_NOWHERE[len(where) :]]
    explanation = tuple(zip(data["names"][names], amounts, strict=True))
    sold = (product_id, type, name, quantity, unit, unit * quantity, explanation)
    return OfferItem(*sold, segment, slice, passenger_type, inventory_id, units or 0)


def _fields(segment: Any) -> list[Any]:
    return [getattr(segment, name) for name in Segment.__slots__]


def _segment(fields: Sequence[Any]) -> Segment:
    values = list(fields)
    for place in _INSTANTS:
        values[place] = datetime.fromisoformat(values[place])
    return Segment(*values)


def _decimal(points: int) -> str:
    """Ten-thousandths as the decimal string that they are shown as: `-0.1350`."""
    whole, rest = divmod(abs(points), 10_000)
    return f"{'-' if points < 0 else ''}{whole}.{rest:04d}"
