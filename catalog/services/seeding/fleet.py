"""The seeded aircraft and which of them flies how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.models import Cabin


@dataclass(frozen=True, slots=True)
class CabinPlan:
    """Rows and columns of one cabin; a dash is an aisle."""

    cabin: Cabin
    first_row: int
    last_row: int
    columns: str


@dataclass(frozen=True, slots=True)
class AircraftPlan:
    """A type of aircraft in one layout, cabins from back to front."""

    code: str
    name: str
    range_km: int
    cabins: tuple[CabinPlan, ...]


# Flies AL 100 and AL 101 alone: economy has 25 rows of four, so exactly 100 seats.
TRANSATLANTIC = AircraftPlan(
    "A21N",
    "Airbus A321neo",
    7400,
    (CabinPlan(Cabin.ECONOMY, 10, 34, "AC-DF"), CabinPlan(Cabin.BUSINESS, 1, 4, "AC-DF")),
)
# From short to long range; the first that reaches flies the route.
FLEET = (
    AircraftPlan("E190", "Embraer 190", 1300, (CabinPlan(Cabin.ECONOMY, 1, 25, "AC-DF"),)),
    AircraftPlan(
        "A320",
        "Airbus A320neo",
        4500,
        (CabinPlan(Cabin.ECONOMY, 6, 30, "ABC-DEF"), CabinPlan(Cabin.BUSINESS, 1, 5, "AC-DF")),
    ),
    AircraftPlan(
        "B789",
        "Boeing 787-9",
        10000,
        (
            CabinPlan(Cabin.ECONOMY, 20, 42, "ABC-DEF-HJK"),
            CabinPlan(Cabin.PREMIUM_ECONOMY, 10, 14, "AB-DEF-JK"),
            CabinPlan(Cabin.BUSINESS, 1, 7, "A-DF-K"),
        ),
    ),
    AircraftPlan(
        "B77W",
        "Boeing 777-300ER",
        15500,
        (
            CabinPlan(Cabin.ECONOMY, 20, 45, "ABC-DEFG-HJK"),
            CabinPlan(Cabin.BUSINESS, 5, 14, "A-DF-K"),
            CabinPlan(Cabin.FIRST, 1, 2, "A-DF-K"),
        ),
    ),
)
LONGEST_KM = FLEET[-1].range_km
# Base fares of the cabins as multiples of the economy fare.
CABIN_FACTORS: Mapping[Cabin, Decimal] = {
    Cabin.ECONOMY: Decimal(1),
    Cabin.PREMIUM_ECONOMY: Decimal("1.8"),
    Cabin.BUSINESS: Decimal("3.5"),
    Cabin.FIRST: Decimal(6),
}


def aircraft_for(distance_km: float) -> AircraftPlan:
    """The smallest aircraft that reaches that far."""
    return next(plan for plan in FLEET if distance_km <= plan.range_km)
