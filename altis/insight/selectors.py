"""The projections, read: figures per UTC day and per flight, with their rates. All days are inclusive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from altis.insight.models import (
    DailyAcceptance,
    DailyOrders,
    DailyProductSales,
    DailySales,
    InventoryLoad,
    OrdersByStatus,
)
from altis.shared.money import Money
from catalog.models import Flight, Inventory

_RATE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Sales:
    """What was paid on a day, in one currency, and what of earlier sales went back on it."""

    day: date
    orders: int
    amount: Money
    refunds: int
    refunded: Money

    @property
    def net(self) -> Money:
        """What was paid less what went back."""
        return self.amount - self.refunded


@dataclass(frozen=True, slots=True)
class ProductSales:
    """What was paid on a day for one type of product, before refunds."""

    day: date
    product_type: str
    units: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Load:
    """How full something is: one inventory of a flight, or all seats of a day (`flight_id` is then empty)."""

    capacity: int
    held: int
    sold: int
    flight_id: str = ""
    cabin: str = ""
    product_id: str | None = None

    @property
    def factor(self) -> Decimal | None:
        """Sold by capacity, to four places; above 1 with deliberate overbooking; None without capacity."""
        return _rate(self.sold, self.capacity)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Searches with offers that were shown on a day, by their weights, and those that made an order."""

    day: date
    searches: Decimal
    accepted: Decimal

    @property
    def rate(self) -> Decimal | None:
        """Searches with an accepted offer, by searches with offers."""
        return _rate(self.accepted, self.searches)


@dataclass(frozen=True, slots=True)
class OrderMoves:
    """What became of orders on a day. A rate sets moves of the day against orders placed, or paid, on the same day."""

    day: date
    placed: int
    paid: int
    cancelled_by_customer: int
    cancelled_by_staff: int
    declined: int
    expired: int
    changed: int

    @property
    def payment_rate(self) -> Decimal | None:
        """Paid by placed."""
        return _rate(self.paid, self.placed)

    @property
    def cancellation_rate(self) -> Decimal | None:
        """Cancelled, by a customer or by staff, by placed."""
        return _rate(self.cancelled_by_customer + self.cancelled_by_staff, self.placed)

    @property
    def expiry_rate(self) -> Decimal | None:
        """Expired by placed."""
        return _rate(self.expired, self.placed)

    @property
    def change_rate(self) -> Decimal | None:
        """Changed after payment, by paid."""
        return _rate(self.changed, self.paid)


def daily_sales(*, first: date, last: date) -> list[Sales]:
    """Sales of these days, oldest first, one row a currency."""
    rows = DailySales.objects.filter(day__range=(first, last)).order_by("day", "currency")
    return [
        Sales(
            day=row.day,
            orders=row.orders,
            amount=Money(row.amount_minor, row.currency),
            refunds=row.refunds,
            refunded=Money(row.refunded_minor, row.currency),
        )
        for row in rows
    ]


def daily_product_sales(*, first: date, last: date) -> list[ProductSales]:
    """The same by type of product."""
    rows = DailyProductSales.objects.filter(day__range=(first, last)).order_by("day", "currency", "product_type")
    return [ProductSales(row.day, row.product_type, row.units, Money(row.amount_minor, row.currency)) for row in rows]


def loads_of_flight(flight_id: str) -> list[Load]:
    """The inventories of a flight that were ever held or sold, cabins first."""
    rows = InventoryLoad.objects.filter(flight_id=flight_id).order_by("product_id", "cabin", "inventory_id")
    loads = [
        Load(row.capacity, row.held, row.sold, flight_id=flight_id, cabin=row.cabin, product_id=row.product_id)
        for row in rows
    ]
    return sorted(loads, key=lambda load: load.product_id is not None)


def loads_of_days(*, first: date, last: date) -> list[tuple[date, Load]]:
    """All cabins of all flights that leave on each local date. A cabin that no event has told of counts as empty."""
    flights = Flight.objects.filter(departure_date__range=(first, last)).values_list("pk", "departure_date")
    days = dict(flights)
    totals: dict[date, Load] = {}
    for day, load in _cabins(days):
        total = totals.get(day, Load(0, 0, 0))
        totals[day] = Load(total.capacity + load.capacity, total.held + load.held, total.sold + load.sold)
    return sorted(totals.items())


def _cabins(days: dict[str, date]) -> Iterator[tuple[date, Load]]:
    # Two questions instead of a join: the projections may live on a server of their own.
    loads = InventoryLoad.objects.filter(flight_id__in=days, product_id__isnull=True)
    rows = loads.values_list("inventory_id", "capacity", "held", "sold")
    told = {id: Load(capacity, held, sold) for id, capacity, held, sold in rows}
    cabins = Inventory.objects.filter(flight_id__in=days, product__isnull=True)
    for pk, flight_id, capacity in cabins.values_list("pk", "flight_id", "capacity"):
        yield days[flight_id], told.get(f"inv_{pk}", Load(capacity, 0, 0))


def acceptance(*, first: date, last: date) -> list[Acceptance]:
    """Acceptance of these days, oldest first."""
    rows = DailyAcceptance.objects.filter(day__range=(first, last)).order_by("day")
    return [Acceptance(row.day, row.searches, row.accepted) for row in rows]


def orders_by_status() -> dict[str, int]:
    """How many orders are in each status that any is in, as far as events have told."""
    return dict(OrdersByStatus.objects.exclude(orders=0).values_list("status", "orders"))


def order_moves(*, first: date, last: date) -> list[OrderMoves]:
    """Moves of these days, oldest first."""
    rows = DailyOrders.objects.filter(day__range=(first, last)).order_by("day")
    return [
        OrderMoves(
            day=row.day,
            placed=row.placed,
            paid=row.paid,
            cancelled_by_customer=row.cancelled_by_customer,
            cancelled_by_staff=row.cancelled_by_staff,
            declined=row.declined,
            expired=row.expired,
            changed=row.changed,
        )
        for row in rows
    ]


def _rate(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_RATE, ROUND_HALF_UP) if whole else None
