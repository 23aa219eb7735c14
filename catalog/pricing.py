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
    components = [Component("base fare", base), Component(f"demand x{shown}", demand)]
    if passenger == "infant":
        fare = base + demand
        components.append(Component("infant 10 % of the fare", fare.times(INFANT_SHARE) - fare))
    return _price(components)


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
