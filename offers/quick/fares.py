"""What the price of a seat looks like, rendered once for a look at its cabin. Pure."""

from functools import lru_cache
from typing import NamedTuple

from catalog.index.records import Cell, Leg, Look
from catalog.pricing import BASE_FARE, DEMAND, OF_INFANTS, PassengerType, shown_multiplier
from offers.presenting import amount
from offers.quick.texts import price, quoted


class FareTexts(NamedTuple):
    """One traveller's seat on one flight. `unit` in minor units; all others are JSON.

    `lines` explains the price to clients; `labels` and `amounts` are the same in a document.
    """

    name: str
    unit: int
    unit_price: str
    lines: str
    labels: str
    amounts: str


@lru_cache(8192)
def fare_texts(leg: Leg, cell: Cell, look: Look, type: PassengerType) -> FareTexts:
    """The texts for a type of passenger, at one look at the cabin."""
    multiplier = shown_multiplier(available=look.available, capacity=cell.capacity)
    lines = [(BASE_FARE, cell.base_minor), (f"{DEMAND}{multiplier}", look.fare - cell.base_minor)]
    unit = look.fare
    if type == "infant":
        unit = look.infant_fare
        lines.append((OF_INFANTS, unit - look.fare))
    currency = cell.currency
    flight = f"{leg.carrier} {leg.number} {leg.origin}-{leg.destination}"
    return FareTexts(
        name=quoted(f"{flight}, {cell.cabin.replace('_', ' ')}, {type}"),
        unit=unit,
        unit_price=price(unit, currency),
        lines=quoted([{"label": label, "amount": amount(minor, currency)} for label, minor in lines]),
        labels=quoted([label for label, _ in lines]),
        amounts=quoted([minor for _, minor in lines]),
    )
