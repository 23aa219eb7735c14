"""A month of figures, from the projections alone: no table of orders, payments or offers is read."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.core.cache import cache

from altis.insight import selectors
from altis.insight.selectors import Acceptance, OrderMoves, ProductSales, Sales

DAYS = 30
_LOADS = "backoffice:loads"
_LOADS_SECONDS = 60  # thousands of cabins are added up
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class DayLoad:
    """All cabins that leave on a local date."""

    day: date
    capacity: int
    sold: int

    @property
    def percent(self) -> Decimal | None:
        """Seats sold by seats, in per cent."""
        return percent(self.sold, self.capacity)


@dataclass(frozen=True, slots=True)
class Figures:
    """Today and the 29 days before, by UTC day, oldest first; loads of today and the 29 days ahead."""

    today: date
    sales: list[Sales]
    products: list[ProductSales]
    moves: list[OrderMoves]
    acceptance: list[Acceptance]
    standing: dict[str, int]
    loads: list[DayLoad]

    @property
    def days(self) -> list[date]:
        """Every day of the month, also those without a figure."""
        return [self.today - timedelta(days=back) for back in reversed(range(DAYS))]

    @property
    def begins(self) -> str:
        """The first instant of the month, for the address of a list."""
        return f"{self.days[0]}T00:00:00Z"

    @property
    def currency(self) -> str:
        """The one in which most was sold; empty without sales."""
        orders: dict[str, int] = {}
        for row in self.sales:
            orders[row.amount.currency] = orders.get(row.amount.currency, 0) + row.orders
        return max(sorted(orders), key=lambda currency: orders[currency], default="")


def read(today: date) -> Figures:
    """Read everything; raises DatabaseError when the projections' server is away."""
    first = today - timedelta(days=DAYS - 1)
    return Figures(
        today=today,
        sales=selectors.daily_sales(first=first, last=today),
        products=selectors.daily_product_sales(first=first, last=today),
        moves=selectors.order_moves(first=first, last=today),
        acceptance=selectors.acceptance(first=first, last=today),
        standing=selectors.orders_by_status(),
        loads=_loads(today),
    )


def nothing(today: date) -> Figures:
    """The figures of an airline that has sold nothing; no query."""
    return Figures(today=today, sales=[], products=[], moves=[], acceptance=[], standing={}, loads=[])


def percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """`42.3`; None of nothing."""
    return (100 * Decimal(part) / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP) if whole else None


def _loads(today: date) -> list[DayLoad]:
    key = f"{_LOADS}:{today}"
    known = cache.get(key)
    if not isinstance(known, list):
        found = selectors.loads_of_days(first=today, last=today + timedelta(days=DAYS - 1))
        known = [[day.isoformat(), load.capacity, load.sold] for day, load in found]
        cache.set(key, known, _LOADS_SECONDS)
    return [DayLoad(date.fromisoformat(day), capacity, sold) for day, capacity, sold in known]
