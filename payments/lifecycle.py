"""The lives of a payment and of a refund (protocols of docs/holds.md). Pure."""

from enum import StrEnum

from altis.shared.lifecycle import Lifecycle


class PaymentStatus(StrEnum):
    """Where one attempt to pay stands; also the point from which it is recovered."""

    CREATED = "CREATED"
    SUBMITTED = "SUBMITTED"
    UNKNOWN = "UNKNOWN"
    SUCCEEDED = "SUCCEEDED"
    DECLINED = "DECLINED"
    REFUND_PENDING = "REFUND_PENDING"
    REFUNDED = "REFUNDED"


class RefundStatus(StrEnum):
    """Where a refund stands."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


_P = PaymentStatus
UNDECIDED = (_P.CREATED, _P.SUBMITTED, _P.UNKNOWN)
LIVE = (*UNDECIDED, _P.SUCCEEDED)
_OUTCOMES = (_P.SUCCEEDED, _P.DECLINED, _P.REFUND_PENDING)

PAYMENT = Lifecycle(
    {
        _P.CREATED: (_P.SUBMITTED, _P.UNKNOWN, *_OUTCOMES),  # the order is locked in, nothing was asked of the gateway
        _P.SUBMITTED: (_P.UNKNOWN, *_OUTCOMES),  # the gateway knows the charge, and may capture it any moment
        _P.UNKNOWN: _OUTCOMES,  # the gateway's answer was lost or is still open
        _P.DECLINED: (_P.SUCCEEDED, _P.REFUND_PENDING),  # not charged, as far as we were told
        _P.SUCCEEDED: (_P.REFUND_PENDING,),  # captured, and the order is paid with it
        _P.REFUND_PENDING: (_P.REFUNDED,),  # captured, but not usable: it goes back
        _P.REFUNDED: (),  # it went back
    },
    start=_P.CREATED,
)

_R = RefundStatus
REFUND = Lifecycle(
    {
        _R.PENDING: (_R.SUCCEEDED, _R.FAILED),  # owed to the customer
        _R.SUCCEEDED: (),  # given back
        _R.FAILED: (_R.PENDING,),  # refused by the gateway: a person looks at it, and may have it sent again
    },
    start=_R.PENDING,
)
