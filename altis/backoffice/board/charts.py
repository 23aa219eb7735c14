"""The charts of the first page: which figures, and in whose words. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from altis.backoffice.board.chart import Chart, Number, Series
from altis.backoffice.board.figures import Figures, percent
from altis.backoffice.board.tiles import rate, spaced, whole
from altis.shared.money import Money
from orders.admin.parts import words
from orders.lifecycle import OrderStatus

_DAY = "Day (UTC)"
# The figures cannot tell whether some orders are missing, so it is said whatever they are.
_STANDING = "Where orders stand, as far as events have told: after an upgrade, run consume_events --rebuild outbox once"
_STATUSES = tuple(OrderStatus)


def charts(figures: Figures) -> list[Chart]:
    """Every chart of the first page."""
    made: tuple[Callable[[Figures], Chart], ...] = (_demand, _orders, _standing, _revenue, _loads, _rates)
    return [make(figures) for make in made]


def _demand(figures: Figures) -> Chart:
    return Chart(
        title="Searches and acceptance",
        says="Searches that showed offers, and those of them that made an order",
        kind="bar",
        labels=_days(figures.days),
        x=_DAY,
        y="Searches",
        series=[
            _each_day(figures, "Searches with offers", {row.day: row.searches for row in figures.acceptance}),
            _each_day(figures, "Accepted", {row.day: row.accepted for row in figures.acceptance}),
        ],
        headers=["Day", "Searches", "Accepted", "Acceptance rate"],
        cells=[
            [f"{row.day}", whole(row.searches), whole(row.accepted), rate(row.accepted, row.searches)]
            for row in reversed(figures.acceptance)
        ],
        right="offers.view_offer",
        link=("offers_offer", "Decided offers"),
        links={place: _on("decided_at", row.day) for place, row in enumerate(reversed(figures.acceptance))},
    )


def _orders(figures: Figures) -> Chart:
    counts = {
        row.day: (row.placed, row.paid, row.expired, row.cancelled_by_customer + row.cancelled_by_staff, row.declined)
        for row in figures.moves
    }
    names = ("Placed", "Paid", "Expired", "Cancelled", "Declined")
    return Chart(
        title="Orders by day",
        says="What became of orders, each move on its own day",
        kind="line",
        labels=_days(figures.days),
        x=_DAY,
        y="Orders",
        # Declined payments are tries, not orders: they stand in the table alone.
        series=[
            _each_day(figures, name, {day: row[place] for day, row in counts.items()})
            for place, name in enumerate(names[:-1])
        ],
        headers=["Day", *names],
        cells=[[f"{day}", *map(whole, row)] for day, row in reversed(counts.items())],
        right="orders.view_order",
        link=("orders_order", "Orders"),
        links={
            place: f"placed_from={row.day}&placed_to={row.day}" for place, row in enumerate(reversed(figures.moves))
        },
    )


def _each_day(figures: Figures, name: str, numbers: Mapping[date, Number]) -> Series:
    """A line of the chart: nothing was counted on a day without a row."""
    return Series(name, [numbers.get(day, 0) for day in figures.days])


def _standing(figures: Figures) -> Chart:
    numbers = [figures.standing.get(status, 0) for status in _STATUSES]
    return Chart(
        title="Orders by status",
        says=_STANDING,
        kind="bar",
        labels=[words(status) for status in _STATUSES],
        x="Status",
        y="Orders",
        # More may have left a status than came to it, where earlier orders are missing.
        series=[Series("Orders", [max(0, number) for number in numbers])],
        headers=["Status", "Orders"],
        cells=[[status, whole(number)] for status, number in zip(_STATUSES, numbers, strict=True)],
        right="orders.view_order",
        link=("orders_order", "Orders"),
        every_label=True,
        links={place: f"status__exact={status}" for place, status in enumerate(_STATUSES)},
    )


def _revenue(figures: Figures) -> Chart:
    rows = [row for row in figures.products if row.amount.currency == figures.currency]
    kinds = sorted({row.product_type for row in rows})
    sums = _sums(figures)
    sold = {(row.day, row.product_type): row.amount.amount for row in rows}
    return Chart(
        title="Revenue by product type",
        says="What was paid, before refunds",
        kind="bar",
        labels=_days(figures.days),
        x=_DAY,
        y=figures.currency or "Amount",
        series=[Series(words(kind), [sold.get((day, kind), 0) for day in figures.days]) for kind in kinds],
        headers=["Product type", "Pieces", "Amount"],
        cells=[[words(kind), whole(units), spaced(amount)] for kind, units, amount in sums],
        right="catalog.view_product",
        link=("catalog_product", "Products"),
        links={place: f"type__exact={kind}" for place, (kind, _, _) in enumerate(sums)},
        stacked=True,
    )


def _sums(figures: Figures) -> list[tuple[str, int, Money]]:
    """Type, pieces and amount, in each currency."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for row in figures.products:
        key = (row.product_type, row.amount.currency)
        units, minor = sums.get(key, (0, 0))
        sums[key] = (units + row.units, minor + row.amount.minor)
    return [(kind, units, Money(minor, currency)) for (kind, currency), (units, minor) in sorted(sums.items())]


def _loads(figures: Figures) -> Chart:
    return Chart(
        title="Load factor by departure date",
        says="Seats sold by seats, of all flights that leave on a local date",
        kind="bar",
        labels=_days(load.day for load in figures.loads),
        x="Departure (local date)",
        y="Seats sold, %",
        series=[Series("Load factor", [load.percent for load in figures.loads])],
        headers=["Departure", "Sold", "Seats", "Load factor"],
        cells=[
            [f"{load.day}", whole(load.sold), whole(load.capacity), rate(load.sold, load.capacity)]
            for load in figures.loads
        ],
        right="catalog.view_flight",
        link=("catalog_flight", "Flights"),
        links={place: _on("departure_date", load.day) for place, load in enumerate(figures.loads)},
    )


def _rates(figures: Figures) -> Chart:
    moves = {row.day: row for row in figures.moves}
    sold, back = _by_day(figures)
    changed = [percent(moves[day].changed, moves[day].paid) if day in moves else None for day in figures.days]
    given = [percent(back.get(day, 0), sold[day]) if sold.get(day) else None for day in figures.days]
    return Chart(
        title="Modifications and refunds",
        says="Orders changed and sales given back, by orders paid on the same day",
        kind="line",
        labels=_days(figures.days),
        x=_DAY,
        y="Of orders paid, %",
        series=[Series("Modified", changed), Series("Refunded", given)],
        headers=["Day", "Modified", "Refunded", "Modification rate", "Refund rate"],
        cells=[
            [
                f"{day}",
                whole(moves[day].changed if day in moves else 0),
                whole(back.get(day, 0)),
                rate(moves[day].changed, moves[day].paid) if day in moves else "–",
                rate(back.get(day, 0), sold.get(day, 0)),
            ]
            for day in reversed(figures.days)
            if day in moves or day in sold
        ],
        right="orders.view_order",
        link=("orders_order", "Orders"),
    )


def _by_day(figures: Figures) -> tuple[dict[date, int], dict[date, int]]:
    """Sales and refunds by day, over all currencies."""
    sold: dict[date, int] = {}
    back: dict[date, int] = {}
    for row in figures.sales:
        sold[row.day] = sold.get(row.day, 0) + row.orders
        back[row.day] = back.get(row.day, 0) + row.refunds
    return sold, back


def _days(days: Iterable[date]) -> list[str]:
    return [f"{day.day} {day:%b}" for day in days]


def _on(field: str, day: date) -> str:
    return f"{field}__year={day.year}&{field}__month={day.month}&{field}__day={day.day}"
