"""From an itinerary and a bundle to priced items that add up. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.pricing import PassengerType, Price, flight_price
from offers.trip import Itinerary, Party, Seats, Segment

# What is left of a limited product, by (flight id, product id): its ledger entry and its units.
Stock = Mapping[tuple[str, str], tuple[int, int]]
# Where an extra is needed: the segment, its position, the number of its slice.
_Place = tuple[Segment | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class OfferItem:
    """One line of an offer. Amounts in minor units of the offer's currency; `explanation` adds up to `unit_minor`.

    `segment` counts all segments of the trip, `slice` its slices, both from 0; None where the item belongs to neither.
    `units` of `inventory_id` are to be held for it; nothing is where that is None.
    """

    product_id: str
    type: str
    name: str
    quantity: int
    unit_minor: int
    total_minor: int
    explanation: tuple[tuple[str, int], ...]
    segment: int | None = None
    slice: int | None = None
    passenger_type: PassengerType | None = None
    inventory_id: int | None = None
    units: int = 0


@dataclass(frozen=True, slots=True)
class Extra:
    """A product in a bundle: how often it is needed, its price there, and whether its units are limited."""

    product_id: str
    type: str
    name: str
    applies_to: str
    quantity: int
    price: Price
    limited: bool = False
    cabin: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Conditions:
    """What may be done with the order later, and the penalty for it in minor units."""

    refundable: bool
    refund_penalty_minor: int
    changeable: bool
    change_penalty_minor: int


@dataclass(frozen=True, slots=True)
class Package:
    """A bundle with its extras priced."""

    code: str
    name: str
    conditions: Conditions
    extras: tuple[Extra, ...] = ()

    @property
    def contents(self) -> frozenset[str]:
        """The types of product that come with the flight."""
        return frozenset(extra.type for extra in self.extras)

    def sellable(self, *, cabin: str, currency: str) -> bool:
        """Whether every product is on sale, in this currency and for this cabin. A bundle is sold whole or not at all.

        A limited product has units per flight, so it can only apply to segments; a fare is no extra.
        """
        return all(
            extra.active
            and extra.price.unit.currency == currency
            and extra.cabin in (None, cabin)
            and extra.applies_to != "flight"
            and (extra.applies_to == "segment" or not extra.limited)
            for extra in self.extras
        )


class FarePricer:
    """Flight items of one search: the price of a segment is worked out once, however many trips use it."""

    def __init__(self, party: Party, product_id: str) -> None:
        """`product_id`: the product that carries a traveller in the cabin searched for."""
        self._groups = party.groups()
        self._product_id = product_id
        self._prices: dict[tuple[int, PassengerType], Price] = {}

    def items(self, itinerary: Itinerary) -> list[OfferItem]:
        """One item per segment and passenger type."""
        places = [
            (segment, seats, number)
            for number, option in enumerate(itinerary.slices)
            for segment, seats in zip(option.segments, option.seats, strict=True)
        ]
        return [
            self._item(segment, seats, type, count=count, position=position, number=number)
            for position, (segment, seats, number) in enumerate(places)
            for type, count in self._groups
        ]

    def _item(
        self, segment: Segment, seats: Seats, type: PassengerType, *, count: int, position: int, number: int
    ) -> OfferItem:
        price = self._price(seats, type)
        flight = f"{segment.carrier} {segment.flight_number} {segment.origin}-{segment.destination}"
        lap = type == "infant"  # no seat, so nothing is held
        return OfferItem(
            product_id=self._product_id,
            type="flight",
            name=f"{flight}, {segment.cabin.replace('_', ' ')}, {type}",
            quantity=count,
            unit_minor=price.unit.minor,
            total_minor=price.unit.minor * count,
            explanation=_lines(price),
            segment=position,
            slice=number,
            passenger_type=type,
            inventory_id=None if lap else seats.inventory_id,
            units=0 if lap else count,
        )

    def _price(self, seats: Seats, type: PassengerType) -> Price:
        key = (seats.inventory_id, type)
        if key not in self._prices:
            self._prices[key] = flight_price(
                seats.base, available=seats.available, capacity=seats.capacity, passenger=type
            )
        return self._prices[key]


def extra_items(package: Package, itinerary: Itinerary, *, seated: int, stock: Stock) -> list[OfferItem] | None:
    """The package's items for this trip: once per segment, per slice or per trip, for each of `seated` travellers.

    None when too little is left of a limited product: the package cannot be sold for this trip.
    """
    items = []
    for extra in package.extras:
        for place in _places(extra.applies_to, itinerary):
            item = _extra_item(extra, place, seated * extra.quantity, stock)
            if item is None:
                return None
            items.append(item)
    return items


def total_minor(items: Iterable[OfferItem]) -> int:
    """What the items cost together, in minor units."""
    return sum(item.total_minor for item in items)


def _extra_item(extra: Extra, place: _Place, wanted: int, stock: Stock) -> OfferItem | None:
    segment, position, number = place
    inventory_id = None
    if extra.limited:
        inventory_id, left = stock.get((segment.flight_id, extra.product_id), (0, 0)) if segment else (0, 0)
        if left < wanted:
            return None
    return OfferItem(
        product_id=extra.product_id,
        type=extra.type,
        name=extra.name,
        quantity=wanted,
        unit_minor=extra.price.unit.minor,
        total_minor=extra.price.unit.minor * wanted,
        explanation=_lines(extra.price),
        segment=position,
        slice=number,
        inventory_id=inventory_id,
        units=wanted if extra.limited else 0,
    )


def _places(applies_to: str, itinerary: Itinerary) -> list[_Place]:
    if applies_to == "journey":
        return [(None, None, number) for number in range(len(itinerary.slices))]
    if applies_to == "passenger":
        return [(None, None, None)]
    owners: Sequence[int] = [number for number, option in enumerate(itinerary.slices) for _ in option.segments]
    return [
        (segment, position, number)
        for position, (segment, number) in enumerate(zip(itinerary.segments, owners, strict=True))
    ]


def _lines(price: Price) -> tuple[tuple[str, int], ...]:
    return tuple((part.label, part.amount.minor) for part in price.components)
