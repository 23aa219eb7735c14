"""What payments announce: one event for each move. Ids and amounts, never a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from altis.shared.events import Event
from altis.shared.money import Money
from payments.lifecycle import PaymentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMoved(Event):
    """Base: an attempt to pay went from one status to another."""

    topic: ClassVar[str] = "altis.payments"

    order_id: str
    status: str
    came_from: str | None
    amount: Money
    gateway: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCreated(PaymentMoved):
    """The order is locked in for this attempt."""

    type: ClassVar[str] = "altis.payment.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSubmitted(PaymentMoved):
    """The gateway knows the charge."""

    type: ClassVar[str] = "altis.payment.submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentUnknown(PaymentMoved):
    """The gateway's answer is open."""

    type: ClassVar[str] = "altis.payment.unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSucceeded(PaymentMoved):
    """The money was captured, and the order is paid with it."""

    type: ClassVar[str] = "altis.payment.succeeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDeclined(PaymentMoved):
    """Nothing was captured."""

    type: ClassVar[str] = "altis.payment.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefundRequested(PaymentMoved):
    """Captured money that cannot be used goes back."""

    type: ClassVar[str] = "altis.payment.refund_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefunded(PaymentMoved):
    """The money went back."""

    type: ClassVar[str] = "altis.payment.refunded"


EVENT_OF: Mapping[str, type[PaymentMoved]] = {
    PaymentStatus.CREATED: PaymentCreated,
    PaymentStatus.SUBMITTED: PaymentSubmitted,
    PaymentStatus.UNKNOWN: PaymentUnknown,
    PaymentStatus.SUCCEEDED: PaymentSucceeded,
    PaymentStatus.DECLINED: PaymentDeclined,
    PaymentStatus.REFUND_PENDING: PaymentRefundRequested,
    PaymentStatus.REFUNDED: PaymentRefunded,
}
