"""Charts that people can read: colours that stand out, marks besides colour, and no number without its table. Pure."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from altis.backoffice.board.chart import COLOURS, Chart
from altis.backoffice.board.charts import charts
from altis.backoffice.board.figures import DayLoad, Figures, percent
from altis.insight.selectors import Acceptance, OrderMoves, ProductSales, Sales
from altis.shared.money import Money

TODAY = datetime(2026, 12, 1, tzinfo=UTC).date()
BEFORE = date(2026, 11, 30)


def _figures(**standing: int) -> Figures:
    moves = {"cancelled_by_customer": 1, "cancelled_by_staff": 2, "declined": 0, "expired": 4, "changed": 1}
    return Figures(
        today=TODAY,
        sales=[
            Sales(TODAY, 4, Money(80_000, "USD"), 1, Money(20_000, "USD")),
            Sales(TODAY, 1, Money(9_000, "EUR"), 0, Money(0, "EUR")),
        ],
        products=[ProductSales(TODAY, "bag", 2, Money(9_000, "USD")), ProductSales(TODAY, "bag", 1, Money(5, "EUR"))],
        moves=[OrderMoves(TODAY, placed=9, paid=5, **moves)],
        acceptance=[Acceptance(BEFORE, Decimal(200), Decimal(25)), Acceptance(TODAY, Decimal(0), Decimal(0))],
        standing=standing,
        loads=[DayLoad(TODAY, 200, 50), DayLoad(date(2026, 12, 2), 0, 0)],
    )


def _chart(title: str, **standing: int) -> Chart:
    return next(chart for chart in charts(_figures(**standing)) if chart.title == title)


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("ground", ["#ffffff", "#101828"])
def test_every_colour_stands_out_from_white_and_from_the_dark_of_the_theme(colour: str, ground: str) -> None:
    bright, dim = sorted((_luminance(colour), _luminance(ground)), reverse=True)

    assert (bright + 0.05) / (dim + 0.05) >= 3


def test_lines_differ_in_more_than_their_colour() -> None:
    lines = json.loads(_chart("Orders by day").value)["datasets"]

    assert len({(tuple(line["borderDash"]), line["borderColor"]) for line in lines}) == len(lines)
    assert len({tuple(line["borderDash"]) for line in lines}) == len(lines)


@pytest.mark.parametrize("chart", charts(_figures()), ids=lambda chart: chart.title)
def test_every_chart_has_named_axes_and_a_table_as_wide_as_its_heads(chart: Chart) -> None:
    scales = json.loads(chart.options)["scales"]

    assert all(scale["title"]["display"] and scale["title"]["text"] for scale in scales.values())
    assert {len(row) for row in chart.cells} == {len(chart.headers)}
    assert all(len(series.values) == len(chart.labels) for series in chart.series)
    assert set(chart.links) <= set(range(len(chart.cells)))


def test_a_day_without_searches_has_no_rate_and_is_a_bar_of_nothing() -> None:
    chart = _chart("Searches and acceptance")

    assert chart.cells == [["2026-12-01", "0", "0", "–"], ["2026-11-30", "200", "25", "12.5 %"]]
    assert [list(series.values[-3:]) for series in chart.series] == [[0, 200, 0], [0, 25, 0]]


def test_revenue_is_drawn_in_one_currency_and_told_in_all() -> None:
    chart = _chart("Revenue by product type")

    assert (chart.y, [series.name for series in chart.series]) == ("USD", ["Bag"])
    assert chart.series[0].values[-1] == Decimal("90.00")
    assert chart.cells == [["Bag", "1", "0.05 EUR"], ["Bag", "2", "90.00 USD"]]


def test_rates_go_by_the_orders_of_the_same_day_in_all_currencies() -> None:
    assert _chart("Modifications and refunds").cells == [["2026-12-01", "1", "1", "20.0 %", "20.0 %"]]


def test_a_date_without_seats_has_no_load_factor() -> None:
    chart = _chart("Load factor by departure date")

    assert list(chart.series[0].values) == [Decimal("25.0"), None]
    assert [row[-1] for row in chart.cells] == ["25.0 %", "–"]
    assert percent(1, 3) == Decimal("33.3")


def test_orders_that_events_have_not_told_of_are_owned_up_to_whatever_the_figures_are() -> None:
    sound, upgraded = _chart("Orders by status", PAID=3), _chart("Orders by status", PAID=-3, FULFILLED=3)

    assert sound.says == upgraded.says
    assert "as far as events have told" in sound.says
    assert "consume_events --rebuild outbox" in sound.says
    assert list(upgraded.series[0].values) == [0, 0, 0, 3, 0, 0, 0]
