"""What one event changes in the figures. Pure, and independent of the order in which events come.

Counters only add; an inventory keeps its highest version; a refund waits until both of its halves are known. So an
event that arrives late, by way of the outbox, leaves the same figures as one that arrived in time.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from altis.insight.projections.facts import Fact, Unreadable, instant
from altis.shared.errors import AltisError
from altis.shared.money import Money

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_WEIGHT = re.compile(r"[0-9]{1,8}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Add:
    """Add amounts to the counters of a table under a key."""

    table: str
    key: tuple[Any, ...]
    amounts: Mapping[str, int | Decimal]


@dataclass(frozen=True, slots=True)
class Load:
    """An inventory as it was at a version."""

    inventory_id: str
    flight_id: str
    cabin: str
    product_id: str | None
    capacity: int
    held: int
    sold: int
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class RefundPart:
    """Half of what is to be known of a refund: whether the payment was a sale, or when how much went back."""

    payment_id: str
    was_sale: bool | None = None
    day: date | None = None
    currency: str | None = None
    amount_minor: int | None = None


Change = Add | Load | RefundPart


def changes_of(fact: Fact) -> list[Change]:
    """What an event changes: nothing for a type that no projection knows. Raises Unreadable for a wrong shape."""
    levels = fact.topic == "altis.inventory" and fact.data.keys() >= _LEVELS
    rule = _load if levels else _RULES.get(fact.type)
    if rule is None:
        return []
    try:
        return list(rule(fact))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, AltisError) as error:
        raise Unreadable(f"{fact.type}: {type(error).__name__}") from None


def _moved(fact: Fact) -> Iterator[Change]:
    """One order more in this status, and one less in the one before."""
    came_from = fact.data["came_from"]
    yield Add("standing", (_text(fact.data["status"]),), {"orders": 1})
    if came_from is not None:
        yield Add("standing", (_text(came_from),), {"orders": -1})


def _placed(fact: Fact) -> Iterator[Change]:
    yield from _moved(fact)
    if fact.data["came_from"] is None:  # else a payment failed, and the hold goes on
        yield _orders(fact, "placed")


def _paid(fact: Fact) -> Iterator[Change]:
    total = _money(fact.data["total"])
    yield from _moved(fact)
    yield _orders(fact, "paid")
    yield Add("sales", (fact.day, total.currency), {"orders": 1, "amount_minor": total.minor})
    for line in fact.data["lines"]:
        sold = _money(line["total"])
        key = (fact.day, sold.currency, _text(line["type"]))
        yield Add("product_sales", key, {"units": _whole(line["quantity"]), "amount_minor": sold.minor})


def _expired(fact: Fact) -> Iterator[Change]:
    yield from _moved(fact)
    yield _orders(fact, "expired")


def _cancelled(fact: Fact) -> Iterator[Change]:
    by_customer = fact.data["reason"] == "customer_cancelled"
    declined = fact.data["came_from"] == "PAYMENT_PENDING"
    yield from _moved(fact)
    yield _orders(fact, "declined" if declined else "cancelled_by_customer" if by_customer else "cancelled_by_staff")


def _changed(fact: Fact) -> Iterator[Change]:
    yield _orders(fact, "changed")


def _refund_requested(fact: Fact) -> Iterator[Change]:
    # Money that came too late was never counted as a sale, so giving it back takes nothing off.
    yield RefundPart(fact.subject, was_sale=fact.data["came_from"] == "SUCCEEDED")


def _refunded(fact: Fact) -> Iterator[Change]:
    amount = _money(fact.data["amount"])
    yield RefundPart(fact.subject, day=fact.day, currency=amount.currency, amount_minor=amount.minor)


def _search_over(fact: Fact) -> Iterator[Change]:
    if not _whole(fact.data["offers"]):
        return
    shown_at, weight = fact.data.get("shown_at"), fact.data.get("weight", "1")
    day = fact.day if shown_at is None else instant(shown_at).date()
    if not isinstance(weight, str) or not _WEIGHT.fullmatch(weight):
        raise ValueError
    accepted = Decimal(weight) if fact.data["outcome"] == "accepted" else Decimal(0)
    yield Add("acceptance", (day,), {"searches": Decimal(weight), "accepted": accepted})


def _load(fact: Fact) -> Iterator[Change]:
    data = fact.data
    product = data["product_id"]
    yield Load(
        inventory_id=fact.subject,
        flight_id=_text(data["flight_id"]),
        cabin=_text(data["cabin"]),
        product_id=None if product is None else _text(product),
        capacity=_whole(data["capacity"]),
        held=_whole(data["held"]),
        sold=_whole(data["sold"]),
        version=fact.sequence,
        changed_at=fact.at,
    )


def _orders(fact: Fact, what: str) -> Add:
    return Add("orders", (fact.day,), {what: 1})


def _money(value: Mapping[str, Any]) -> Money:
    amount, currency = value["amount"], _text(value["currency"])
    if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
        raise ValueError
    return Money.of(amount, currency)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


# Every change of an inventory tells how it stands afterwards, whatever its type is called.
_LEVELS = {"capacity", "held", "sold"}
_RULES: Mapping[str, Callable[[Fact], Iterator[Change]]] = {
    "altis.order.proposed": _placed,
    "altis.order.payment_pending": _moved,
    "altis.order.paid": _paid,
    "altis.order.fulfilled": _moved,
    "altis.order.archived": _moved,
    "altis.order.expired": _expired,
    "altis.order.cancelled": _cancelled,
    "altis.order.changed": _changed,
    "altis.payment.refund_requested": _refund_requested,
    "altis.payment.refunded": _refunded,
    "altis.search.expired": _search_over,
}
