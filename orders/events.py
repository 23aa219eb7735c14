"""What orders announce: one event for each move and each change. Ids, amounts and flights, never personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from altis.shared.events import Event
from altis.shared.money import Money
from orders.lifecycle import OrderChange, OrderStatus


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
    """Given up, before or after it was paid, or refused for good by the gateway."""

    type: ClassVar[str] = "altis.order.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged(OrderMoved):
    """Travellers go on another flight; the status is the same, and the lines are those from now on."""

    type: ClassVar[str] = "altis.order.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReissued(OrderMoved):
    """It has new documents; the old ones are void."""

    type: ClassVar[str] = "altis.order.reissued"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResent(OrderMoved):
    """The customer was told again where the documents are."""

    type: ClassVar[str] = "altis.order.resent"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExtended(OrderMoved):
    """Its hold lasts longer."""

    type: ClassVar[str] = "altis.order.extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMoneyBack(OrderMoved):
    """Base: money goes back, or has arrived. `refunds` are all of the order's, as they are now."""

    refunds: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCompensated(OrderMoneyBack):
    """A part of the money goes back; the order stands."""

    type: ClassVar[str] = "altis.order.compensated"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded(OrderMoneyBack):
    """Money that the airline gave back has arrived, or was refused."""

    type: ClassVar[str] = "altis.order.refunded"


EVENT_OF: Mapping[str, type[OrderMoved]] = {
    OrderStatus.PROPOSED: OrderProposed,
    OrderStatus.PAYMENT_PENDING: OrderPaymentPending,
    OrderStatus.PAID: OrderPaid,
    OrderStatus.FULFILLED: OrderFulfilled,
    OrderStatus.ARCHIVED: OrderArchived,
    OrderStatus.EXPIRED: OrderExpired,
    OrderStatus.CANCELLED: OrderCancelled,
}
EVENT_OF_CHANGE: Mapping[str, type[OrderMoved]] = {
    OrderChange.REBOOKED: OrderChanged,
    OrderChange.REISSUED: OrderReissued,
    OrderChange.RESENT: OrderResent,
    OrderChange.EXTENDED: OrderExtended,
    OrderChange.COMPENSATED: OrderCompensated,
    OrderChange.REFUNDED: OrderRefunded,
}
