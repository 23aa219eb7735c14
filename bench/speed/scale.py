"""How large the measured network is, and which of its days serve which purpose."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

_PRODUCTS = 300
_AHEAD_DAYS = 7  # nothing departs, or closes for sale, while it is measured


def _next_week() -> date:
    return datetime.now(UTC).date() + timedelta(days=_AHEAD_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """`routes` flight numbers that depart on each of `days` days; `users` customers."""

    days: int = 100
    routes: int = 300
    users: int = 1000
    products: int = _PRODUCTS
    start: date = field(default_factory=_next_week)

    @property
    def flights(self) -> int:
        """Dated flights."""
        return self.days * self.routes

    @property
    def accept_day(self) -> date:
        """The day whose cabins never fill: accepts are spread over its flights."""
        return self.start + timedelta(days=self.days - 1)

    def words(self) -> list[str]:
        """For `bench.speed.prepare`."""
        return [str(self.days), str(self.routes), str(self.users), str(self.products), self.start.isoformat()]


FULL = Scale()
QUICK = Scale(days=2, routes=20, users=40, products=30)
GROWTH = {"1x": Scale(days=1), "10x": Scale(days=10), "100x": FULL}
