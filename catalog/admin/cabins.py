"""What a cabin looks like at a desk: how full it is, what is left, and what a seat costs today."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from altis.shared.money import Money
from catalog.models import Flight, Inventory
from catalog.pricing import flight_price


@dataclass(frozen=True, slots=True)
class CabinLine:
    """One inventory of a flight, ready to be shown; `base` is the cabin's fare, None where there is none."""

    row: Inventory
    base: Money | None = None

    @property
    def name(self) -> str:
        """`Premium economy`, or the product's name."""
        return what_of(self.row)

    @property
    def authorised(self) -> int:
        """Everything that may be held and sold."""
        return self.row.capacity + self.row.forced_over

    @property
    def shares(self) -> tuple[int, int]:
        """Sold and held, each in whole per cent of what is authorised."""
        whole = max(1, self.authorised)
        sold, both = (100 * units // whole for units in (self.row.sold, self.row.sold + self.row.held))
        return sold, both - sold

    @property
    def told(self) -> str:
        """`12 sold · 3 held · 85 left`."""
        return f"{self.row.sold} sold · {self.row.held} held · {self.row.available} left"

    @property
    def price(self) -> str:
        """What an adult pays today; else why nobody can buy a seat. Nothing for a product."""
        row = self.row
        if row.product_id or self.authorised <= 0:
            return "" if row.product_id else "no seats"
        if self.base is None:
            return "no fare"
        if row.available <= 0 or row.capacity <= 0:
            return "sold out"
        return str(flight_price(self.base, available=row.available, capacity=row.capacity, passenger="adult").unit)

    @property
    def bar(self) -> SafeString:
        """Sold in blue, held in orange, of everything that is authorised."""
        sold, held = self.shares
        return format_html(
            '<svg class="cabin-bar" role="img" aria-label="{} % sold, {} % held"><title>{}</title>'
            '<rect class="cabin-sold" width="{}%" height="100%"/>'
            '<rect class="cabin-held" x="{}%" width="{}%" height="100%"/></svg>',
            *(sold, held, self.told, sold, sold, held),
        )


def what_of(row: Inventory) -> str:
    """What an inventory counts."""
    return row.product.name if row.product else row.cabin.replace("_", " ").capitalize()


def cabin_lines(flight: Flight, rows: Iterable[Inventory]) -> list[CabinLine]:
    """The flight's lines, with the fare of each cabin; its schedule's fares are there already."""
    fares = {fare.cabin: fare.base for fare in flight.schedule.fares.all()}
    return [CabinLine(row, fares.get(row.cabin)) for row in rows]


def glance(lines: Iterable[CabinLine]) -> SafeString | str:
    """A line for each cabin: name, bar, figures, price."""
    cells = ((line.name, line.bar, line.row.sold, line.authorised, _held(line), line.price) for line in lines)
    row = (
        '<span class="cabin-name">{}</span>{}<span class="cabin-count">{} of {} sold{}</span>'
        '<span class="cabin-price">{}</span>'
    )
    found = format_html_join("", row, cells)
    return format_html('<div class="cabin-lines">{}</div>', found) if found else "–"


def _held(line: CabinLine) -> str:
    return f", {line.row.held} held" if line.row.held else ""
