"""What payments refuse."""

from altis.shared.errors import Conflict, Declined, Invalid, Unavailable


class PaymentDeclined(Declined):
    """A decline that may be tried again: the order waits for another payment until its hold ends."""

    code = "payment_declined"
    message = "The payment was declined. Try again or use another payment method."


class PaymentRefused(Declined):
    """A final decline, or the third: the order is cancelled."""

    code = "payment_refused"
    message = "The payment was refused for good and the order was cancelled. Search again for a fresh offer."


class RefundTooLarge(Invalid):
    """Nothing, more than is left of the captured money, or another currency."""

    code = "refund_too_large"
    message = "Name an amount in the order's currency that is less than what is left of the payment."


class PaymentDecided(Conflict):
    """Its outcome is known."""

    code = "payment_decided"
    message = "The outcome of this payment is known already."


class GatewaySilent(Unavailable):
    """Asked on a member of staff's word, and no answer."""

    code = "gateway_silent"
    message = "The gateway has not answered. The janitor goes on asking; try again in a while."


class RefundSettled(Conflict):
    """The money went back."""

    code = "refund_settled"
    message = "This refund needs nothing more."
