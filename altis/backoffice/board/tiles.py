"""The figures of today beside those of the month, as words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from altis.backoffice.board.figures import Figures, percent
from altis.shared.money import Money

Right = Callable[[str], bool]
# Lists: the right to see one, its page, its query.
Behind = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, of today and of 30 days; the first list that may be seen is behind it, without any it is hidden."""

    title: str
    today: str
    month: str
    lists: tuple[Behind, ...]

    def shown(self, may: Right) -> dict[str, Any] | None:
        """What the template needs; None for whoever may see none of the lists."""
        for right, page, query in self.lists:
            if may(right):
                link = f"{reverse(f'admin:{page}_changelist')}{query and '?'}{query}"
                return {"title": self.title, "today": self.today, "month": self.month, "link": link}
        return None


def tiles(figures: Figures, may: Right) -> list[dict[str, Any]]:
    """The tiles that somebody with these rights may see."""
    return [shown for tile in all_tiles(figures) if (shown := tile.shown(may)) is not None]


def all_tiles(figures: Figures) -> list[Tile]:
    """Every tile of the first page."""
    return [*_demand(figures), *_orders(figures), *_money(figures)]


def _demand(figures: Figures) -> Iterable[Tile]:
    rows = figures.acceptance
    today = [row for row in rows if row.day == figures.today]
    of_today, of_month = (_sum(row.searches for row in part) for part in (today, rows))
    accepted = [_sum(row.accepted for row in part) for part in (today, rows)]
    offers = ("offers.view_offer", "offers_offer", f"decided_at__gte={figures.begins}")
    searches = ("offers.view_impression", "offers_impression", f"shown_at__gte={figures.begins}")
    yield Tile("Searches", whole(of_today), whole(of_month), (searches, offers))
    yield Tile("Acceptance rate", rate(accepted[0], of_today), rate(accepted[1], of_month), (offers,))


def _orders(figures: Figures) -> Iterable[Tile]:
    rows = figures.moves
    today = [row for row in rows if row.day == figures.today]
    paid = [sum(row.paid for row in part) for part in (today, rows)]
    changed = [sum(row.changed for row in part) for part in (today, rows)]
    orders = ("orders.view_order", "orders_order", f"placed_from={figures.days[0]}")
    yield Tile("Orders paid", whole(paid[0]), whole(paid[1]), (orders,))
    yield Tile("Modification rate", rate(changed[0], paid[0]), rate(changed[1], paid[1]), (orders,))


def _money(figures: Figures) -> Iterable[Tile]:
    rows = figures.sales
    today = [row for row in rows if row.day == figures.today]
    sold = [sum(row.orders for row in part) for part in (today, rows)]
    refunds = [sum(row.refunds for row in part) for part in (today, rows)]
    amounts = [_amount(figures, part) for part in (today, rows)]
    since = f"created_at__gte={figures.begins}"
    payments = ("payments.view_payment", "payments_payment", f"status__exact=SUCCEEDED&{since}")
    products = ("catalog.view_product", "catalog_product", "")
    back = ("payments.view_refund", "payments_refund", f"status__exact=SUCCEEDED&{since}")
    yield Tile("Revenue", amounts[0], amounts[1], (payments, products))
    yield Tile("Refund rate", rate(refunds[0], sold[0]), rate(refunds[1], sold[1]), (back,))


def _amount(figures: Figures, rows: Iterable[Any]) -> str:
    """In the currency in which most is sold; the chart's table has the others."""
    if not figures.currency:
        return "–"
    minor = sum(row.amount.minor for row in rows if row.amount.currency == figures.currency)
    return spaced(Money(minor, figures.currency))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def whole(number: int | Decimal) -> str:
    """`1,234`."""
    return f"{round(number):,}"


def spaced(amount: Money) -> str:
    """`1,234.50 USD`."""
    return f"{amount.amount:,} {amount.currency}"


def rate(part: int | Decimal, of: int | Decimal) -> str:
    """`42.3 %`, a dash of nothing."""
    found = percent(part, of)
    return "–" if found is None else f"{found} %"
