"""Money: whole minor units and an ISO 4217 currency. The one place where amounts are rounded."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from altis.shared.errors import Invalid

# ISO 4217 lists the number of decimals of each currency; these are the ones that do not have two.
_WITHOUT = ("BIF CLP DJF GNF ISK JPY KMF KRW", "PYG RWF UGX UYI VND VUV XAF XOF XPF")
_WITH_THREE = ("BHD IQD JOD KWD LYD OMR TND",)
_DECIMALS = {code: n for n, rows in ((0, _WITHOUT), (3, _WITH_THREE)) for row in rows for code in row.split()}


class CurrencyMismatch(Invalid):
    """Amounts of two currencies cannot be added or compared."""

    code = "currency_mismatch"
    message = "Amounts of different currencies do not add up."


class InexactAmount(Invalid):
    """More decimals than the currency has."""

    code = "inexact_amount"
    message = "The amount has more decimals than its currency."


def decimals(currency: str) -> int:
    """The number of decimals of a currency, by ISO 4217."""
    return _DECIMALS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `Money(52400, "USD")` is 524.00 USD."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> "Money":
        """From a decimal amount in major units; raises InexactAmount when it has too many decimals."""
        scaled = Decimal(amount).scaleb(decimals(currency))
        if scaled != scaled.to_integral_value():
            raise InexactAmount
        return cls(int(scaled), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in this currency."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """Major units, with exactly the currency's own number of decimals: `Decimal("524.00")`."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    def times(self, factor: Decimal | int) -> "Money":
        """This amount times a factor, rounded half up to the minor unit: the only rounding there is."""
        product = Decimal(self.minor) * factor
        return Money(int(product.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def as_json(self) -> dict[str, str]:
        """`{"amount": "524.00", "currency": "USD"}`."""
        return {"amount": f"{self.amount:f}", "currency": self.currency}

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of the amounts; nothing in `currency` when there are none."""
    return sum(amounts, Money.zero(currency))
