"""What payments refuse."""

from altis.shared.errors import Declined


class PaymentDeclined(Declined):
    """A decline that may be tried again: the order waits for another payment until its hold ends."""

    code = "payment_declined"
    message = "The payment was declined. Try again or use another payment method."


class PaymentRefused(Declined):
    """A final decline, or the third: the order is cancelled."""

    code = "payment_refused"
    message = "The payment was refused for good and the order was cancelled. Search again for a fresh offer."
