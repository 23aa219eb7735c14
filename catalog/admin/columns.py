"""Columns of the exchanged tables that are more than one column of the database's."""

from decimal import Decimal, InvalidOperation
from typing import Any

from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget

from altis.shared.money import InexactAmount, Money
from catalog.models import Bundle, Product, Schedule
from catalog.services.check_bundle import MOST_OF_ONE

_TOO_MUCH = 10**12
_LONGEST = 32  # digits of an amount


class MoneyColumn(Field):
    """An amount in major units, `35.00`; its currency stands in the column `currency`."""

    def export(self, instance: Any, **_: Any) -> str:
        """With the decimals of its currency; nothing for a row that is being made."""
        minor = getattr(instance, self.attribute)
        return "" if minor is None else f"{Money(minor, instance.currency).amount:f}"

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **_: Any) -> None:
        """Keep it in minor units; raises ValueError when it is no amount of that currency."""
        text = str(row[self.column_name]).strip()
        currency = str(row.get("currency") or instance.currency).strip()
        setattr(instance, self.attribute, _minor(text, currency))


class ProductsColumn(Field):
    """The products of a bundle: `BAG-23:2 SEAT:1`, codes with their quantity per traveller."""

    def get_value(self, instance: Bundle) -> str:
        """What is to be written, or what stands."""
        wanted: dict[Product, int] | None = getattr(instance, "wanted", None)
        if wanted is None:
            items = instance.items.select_related("product") if not instance._state.adding else ()
            wanted = {item.product: item.quantity for item in items}
        return " ".join(sorted(f"{product.code}:{quantity}" for product, quantity in wanted.items()))

    def export(self, instance: Bundle, **_: Any) -> str:
        """As it is read."""
        return self.get_value(instance)

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **_: Any) -> None:
        """Note what is wanted, to be written with the bundle; raises ValueError for what is no product."""
        found = [_product(word) for word in str(row[self.column_name]).split()]
        wanted = dict(found)
        if len(wanted) < len(found):
            raise ValueError("A product stands there twice")
        instance.wanted = wanted


def _minor(text: str, currency: str) -> int:
    try:
        amount = Decimal(text[: _LONGEST + 1])
    except InvalidOperation as error:
        raise ValueError(f"{text or 'Nothing'} is no amount") from error
    if not amount.is_finite() or len(text) > _LONGEST:
        raise ValueError(f"{text} is no amount")
    if not 0 <= amount < _TOO_MUCH:
        raise ValueError(f"{text} is out of range")
    try:
        return Money.of(amount, currency).minor
    except (InexactAmount, ArithmeticError) as error:  # or an exponent beyond all reason
        raise ValueError(f"{text} has more decimals than {currency}") from error


def _product(word: str) -> tuple[Product, int]:
    code, _, quantity = word.rpartition(":")
    code, quantity = (code, quantity) if code else (quantity, "1")
    if not (quantity.isascii() and quantity.isdigit() and 1 <= int(quantity[:6]) <= MOST_OF_ONE):
        raise ValueError(f"{word}: the quantity is a number from 1 to {MOST_OF_ONE}")
    product = Product.objects.filter(code=code).first()
    if product is None:
        raise ValueError(f"There is no product {code}")
    return product, int(quantity)


class FlightNumber(ForeignKeyWidget):
    """A schedule by its flight number, `AL 100`."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> Schedule:
        """The schedule; raises ValueError when there is none."""
        carrier, _space, number = str(value or "").strip().partition(" ")
        found = Schedule.objects.filter(carrier=carrier, flight_number=number).first()
        if found is None:
            raise ValueError(f"There is no flight number {value}")
        return found

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        """As it is read."""
        return f"{value.carrier} {value.flight_number}" if value else ""
