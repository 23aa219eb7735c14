"""What payments keep of a person: amounts and outcomes under bare ids, so there is nothing here to erase."""

from collections.abc import Iterable
from typing import Any

from altis.privacy.keepers import Keeper, Objection, register
from payments.selectors import open_payments, payments_of


@register
class PaymentsKeeper(Keeper):
    """The books stay as they are. Card numbers and tokens were never kept."""

    name = "payments"

    def objections(self, person: str) -> Iterable[Objection]:
        """`payment_open`: not decided yet, or its money has not gone back yet."""
        return [Objection("payment_open", payment_id) for payment_id in open_payments(person)]

    def export(self, person: str) -> list[dict[str, Any]]:
        """Every attempt to pay for an order of an owner, with its refunds."""
        return [
            {
                **payment.fact(),
                "order_id": payment.order_id,
                "gateway": payment.gateway,
                "decline_code": payment.decline_code or None,
                "refunds": [refund.fact() for refund in payment.refunds.all()],
            }
            for payment in payments_of(person)
        ]
