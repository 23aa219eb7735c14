"""Continuous pricing: the overview's demand curve in exact decimals. Pure."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Literal

from altis.shared.money import Money, total
from catalog.errors import NotSellable

PassengerType = Literal["adult", "child", "infant"]

LOWEST_MULTIPLIER = Decimal("0.5")
HIGHEST_MULTIPLIER = Decimal("3.0")
INFANT_SHARE = Decimal("0.10")
BASE_FARE, DEMAND, OF_INFANTS = "base fare", "demand x", "infant 10 % of the fare"
# Most utilizations have no end in decimals. Cut upwards, they can never turn an exact half of a cent into less than
# half, and the excess (1e-27) is too small to lift anything else to a half: prices are those of exact fractions.
_UPWARDS = Context(prec=28, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a price explanation; the amount may be negative."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Price:
    """A unit price and the components that add up to it exactly."""

    unit: Money
    components: tuple[Component, ...]


def utilization(available: int, capacity: int) -> Decimal:
    """The share of the capacity that is gone, 0 to 1; raises NotSellable when there is no capacity.

    Clamped: deliberate overbooking can leave more available than the capacity.
    """
    if capacity <= 0:
        raise NotSellable
    gone = min(max(capacity - available, 0), capacity)
    return _UPWARDS.divide(Decimal(gone), Decimal(capacity))


def demand_multiplier(available: int, capacity: int) -> Decimal:
    """1 + 2u² of the utilization u, clamped to 0.5 to 3 (overview, "Continuous Pricing").

    From 1 for an empty cabin to 3 for a full one. Raises NotSellable when there is no capacity.
    """
    gone = utilization(available, capacity)
    with localcontext(_UPWARDS):
        return min(max(1 + 2 * gone * gone, LOWEST_MULTIPLIER), HIGHEST_MULTIPLIER)


def flight_price(base: Money, *, available: int, capacity: int, passenger: PassengerType) -> Price:
    """What one traveller pays for one segment: base fare times demand; an infant a tenth of that.

    Each component is rounded once, half up, to the minor unit. Raises NotSellable when there is no capacity.
    """
    multiplier = demand_multiplier(available, capacity)
    demand = base.times(multiplier - 1)
    shown = multiplier.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    components = [Component(BASE_FARE, base), Component(f"{DEMAND}{shown}", demand)]
    if passenger == "infant":
        fare = base + demand
        components.append(Component(OF_INFANTS, fare.times(INFANT_SHARE) - fare))
    return _price(components)


def demand_minor(base_minor: int, *, available: int, capacity: int) -> int:
    """What demand adds to a base fare, in whole numbers: the second component of `flight_price`, bit by bit.

    With g of c units gone the multiplier less one is 2g²/c², which lies between 0 and 2, so the clamp never bites.
    n/d rounded half up is (2n + d) // 2d, here with n = 2·base·g² and d = c². `flight_price` cuts g/c upwards, which
    never makes less of an exact half, and otherwise adds far less than the 1/2c² that lies between n/d and the next
    half. Units that are gone count from 0 to c; `capacity` must be positive.
    """
    gone = min(max(capacity - available, 0), capacity)
    square = capacity * capacity
    return (4 * base_minor * gone * gone + square) // (2 * square)


def shown_multiplier(*, available: int, capacity: int) -> str:
    """The multiplier as price explanations show it, with four decimals: `1.5000`. Half up, as in `demand_minor`."""
    parts = 10_000 + demand_minor(10_000, available=available, capacity=capacity)
    return f"{parts // 10_000}.{parts % 10_000:04d}"


def infant_minor(fare_minor: int) -> int:
    """A tenth of an adult's fare, rounded half up: what an infant pays."""
    return (fare_minor + 5) // 10


def extra_price(
    base: Money, *, label: str = "base price", discount_percent: Decimal = Decimal(0), bundle_name: str = ""
) -> Price:
    """What one unit of an extra costs: its base price, less the discount (0 to 100 %) of the bundle it is sold in.

    `label` names the first component. The discount is rounded half up, so a half cent goes to the customer.
    """
    components = [Component(label, base)]
    if discount_percent:
        percent = f"{discount_percent.normalize():f}"
        discount = base.times(discount_percent / 100)
        components.append(Component(f"{bundle_name} discount {percent} %", -discount))
    return _price(components)


def _price(components: list[Component]) -> Price:
    parts = tuple(components)
    return Price(total((part.amount for part in parts), parts[0].amount.currency), parts)
