"""The seeded products and bundles, as data: what a young airline would sell. Staff edit the rows, never this file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.models import AppliesTo, ProductType


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPlan:
    """A product; `price` in whole major units."""

    type: ProductType
    code: str
    name: str
    description: str
    price: int = 0
    applies_to: AppliesTo
    capacity_controlled: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePlan:
    """A bundle; penalties in whole major units, None where the bundle does not allow it at all."""

    code: str
    name: str
    description: str
    discount_percent: int = 0
    refund_penalty: int | None = None
    change_penalty: int | None = None
    items: Mapping[str, int] = field(default_factory=dict)


def _flight(code: str, cabin: str, name: str) -> ProductPlan:
    return ProductPlan(
        type=ProductType.FLIGHT,
        code=code,
        name=name,
        description="One seat on one flight, with a personal item under the seat in front.",
        applies_to=AppliesTo.FLIGHT,
        capacity_controlled=True,
        attributes={"cabin": cabin},
    )


PRODUCTS = (
    _flight("FLT-Y", "economy", "Flight in economy"),
    _flight("FLT-W", "premium_economy", "Flight in premium economy"),
    _flight("FLT-J", "business", "Flight in business"),
    _flight("FLT-F", "first", "Flight in first"),
    ProductPlan(
        type=ProductType.SEAT,
        code="SEAT-STD",
        name="Seat of your choice",
        description="Choose any standard seat.",
        price=15,
        applies_to=AppliesTo.SEGMENT,
        attributes={"features": ["choice"]},
    ),
    ProductPlan(
        type=ProductType.SEAT,
        code="SEAT-XL",
        name="Extra legroom seat",
        description="A seat with more room for the legs, near the front or at an exit.",
        price=45,
        applies_to=AppliesTo.SEGMENT,
        attributes={"features": ["choice", "extra_legroom"]},
    ),
    ProductPlan(
        type=ProductType.BAG,
        code="BAG-23",
        name="Checked bag, 23 kg",
        description="One checked bag of up to 23 kg, all the way to the destination.",
        price=35,
        applies_to=AppliesTo.JOURNEY,
        attributes={"max_weight_kg": 23},
    ),
    ProductPlan(
        type=ProductType.BAG,
        code="BAG-32",
        name="Heavy bag, 32 kg",
        description="One checked bag of up to 32 kg, all the way to the destination.",
        price=60,
        applies_to=AppliesTo.JOURNEY,
        attributes={"max_weight_kg": 32},
    ),
    ProductPlan(
        type=ProductType.BAG,
        code="BAG-CABIN",
        name="Cabin bag, 10 kg",
        description="One bag of up to 10 kg in the overhead locker.",
        price=20,
        applies_to=AppliesTo.JOURNEY,
        attributes={"max_weight_kg": 10, "carry_on": True},
    ),
    ProductPlan(
        type=ProductType.MEAL,
        code="MEAL-STD",
        name="Hot meal",
        description="A hot meal with a drink.",
        price=18,
        applies_to=AppliesTo.SEGMENT,
    ),
    ProductPlan(
        type=ProductType.MEAL,
        code="MEAL-VGN",
        name="Vegan meal",
        description="A hot vegan meal with a drink.",
        price=18,
        applies_to=AppliesTo.SEGMENT,
        attributes={"diet": "vegan"},
    ),
    ProductPlan(
        type=ProductType.MEAL,
        code="MEAL-PRM",
        name="Premium meal",
        description="Three courses of the season with wine.",
        price=38,
        applies_to=AppliesTo.SEGMENT,
    ),
    ProductPlan(
        type=ProductType.LOUNGE,
        code="LNG",
        name="Lounge",
        description="Three hours in the lounge before departure.",
        price=49,
        applies_to=AppliesTo.SEGMENT,
        capacity_controlled=True,
        attributes={"slots_per_flight": 40},
    ),
    ProductPlan(
        type=ProductType.CARBON_OFFSET,
        code="CO2",
        name="Carbon offset",
        description="Removes 500 kg of carbon dioxide in certified projects.",
        price=12,
        applies_to=AppliesTo.PASSENGER,
        attributes={"kilograms": 500},
    ),
    ProductPlan(
        type=ProductType.INSURANCE,
        code="INS",
        name="Travel insurance",
        description="Covers cancellation, delay and lost bags for the whole trip.",
        price=29,
        applies_to=AppliesTo.PASSENGER,
        attributes={"insurer": "Altis Assurance", "covers": ["cancellation", "delay", "baggage"]},
    ),
    ProductPlan(
        type=ProductType.FAST_TRACK,
        code="FT",
        name="Fast track",
        description="The short queue at the security check.",
        price=14,
        applies_to=AppliesTo.SEGMENT,
        attributes={"checkpoint": "security"},
    ),
)
BUNDLES = (
    BundlePlan(code="flight_only", name="Flight Only", description="The flight and nothing else.", change_penalty=100),
    BundlePlan(
        code="comfort",
        name="Comfort Bundle",
        description="A seat of your choice, a checked bag and a hot meal.",
        discount_percent=10,
        refund_penalty=75,
        change_penalty=50,
        items={"SEAT-STD": 1, "BAG-23": 1, "MEAL-STD": 1},
    ),
    BundlePlan(
        code="premium",
        name="Premium Bundle",
        description="Extra legroom, two bags, a premium meal, lounge and fast track, carbon offset included.",
        discount_percent=15,
        refund_penalty=0,
        change_penalty=0,
        items={"SEAT-XL": 1, "BAG-23": 2, "MEAL-PRM": 1, "LNG": 1, "FT": 1, "CO2": 1},
    ),
)
