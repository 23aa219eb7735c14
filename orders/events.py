"""What orders announce: one event for each move. Ids, amounts and flights, never personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from altis.shared.events import Event
from altis.shared.money import Money
from orders.lifecycle import OrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMoved(Event):
    """Base: an order went from one status to another."""

    topic: ClassVar[str] = "altis.orders"

    status: str
    came_from: str | None
    reason: str
    offer_id: str
    total: Money
    lines: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderProposed(OrderMoved):
    """An offer was accepted, or a payment failed and the hold goes on."""

    type: ClassVar[str] = "altis.order.proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentPending(OrderMoved):
    """A payment was begun: the order is locked in."""

    type: ClassVar[str] = "altis.order.payment_pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(OrderMoved):
    """The money is ours."""

    type: ClassVar[str] = "altis.order.paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFulfilled(OrderMoved):
    """The documents were issued."""

    type: ClassVar[str] = "altis.order.fulfilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderArchived(OrderMoved):
    """Flown, and a day has passed."""

    type: ClassVar[str] = "altis.order.archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExpired(OrderMoved):
    """Not paid in time."""

    type: ClassVar[str] = "altis.order.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(OrderMoved):
    """Given up, or refused for good by the gateway."""

    type: ClassVar[str] = "altis.order.cancelled"


EVENT_OF: Mapping[str, type[OrderMoved]] = {
    OrderStatus.PROPOSED: OrderProposed,
    OrderStatus.PAYMENT_PENDING: OrderPaymentPending,
    OrderStatus.PAID: OrderPaid,
    OrderStatus.FULFILLED: OrderFulfilled,
    OrderStatus.ARCHIVED: OrderArchived,
    OrderStatus.EXPIRED: OrderExpired,
    OrderStatus.CANCELLED: OrderCancelled,
}
