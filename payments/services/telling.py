"""What the last phase of a payment tells its caller, written in the transaction of the outcome itself."""

from altis.shared.errors import Declined
from altis.store.claims import Claim
from orders.models import Order
from orders.services.fulfil import fulfil_locked
from orders.services.parts import Parts
from payments.errors import PaymentDeclined, PaymentRefused
from payments.gateway import Charge, ChargeStatus
from payments.lifecycle import UNDECIDED, PaymentStatus
from payments.models import Payment


class Told:
    """What goes with the outcome of a payment: the documents, and the caller's answer under the caller's key.

    The documents are made of what is at hand, so the order may be PAID and FULFILLED in one transaction.
    """

    def __init__(self, order_id: str, claim: Claim) -> None:
        """For a payment of this order, and its caller's claim."""
        self._order_id, self._claim = order_id, claim
        self.order: Order | None = None
        self.refusal: Declined | None = None

    def ask(self, charge: Charge) -> Parts | None:
        """Everything that documents are made of, once there is money."""
        return Parts(self._order_id) if charge.status == ChargeStatus.SUCCEEDED else None

    def forget(self) -> None:
        """Nothing of it has been written."""
        self.order = self.refusal = None

    def follow(self, order: Order, payment: Payment, parts: Parts | None) -> None:
        """Issue, and keep the answer; nothing while the gateway's own is open."""
        self.forget()
        if payment.status in UNDECIDED:
            return
        self.refusal = refusal_of(payment)
        if self.refusal is not None:
            self._claim.seal_problem(self.refusal)
            return
        fulfil_locked(order, parts or Parts(order.pk))
        self._claim.seal(order)
        self.order = order


def refusal_of(payment: Payment) -> Declined | None:
    """What the caller hears of a decided payment that has not succeeded."""
    if payment.status == PaymentStatus.SUCCEEDED:
        return None
    return PaymentRefused() if payment.final else PaymentDeclined()
