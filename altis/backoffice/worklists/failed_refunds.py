"""Money that should be back with a customer and is not."""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import format_html

from altis.backoffice.services.settle import check_open, settle_row
from altis.backoffice.worklists.row import MOST_ROWS, Command, Row, WorkList
from altis.backoffice.worklists.settled import without_settled
from altis.shared.actors import Actor
from altis.store.admin.readonly import instant, link_to
from payments.lifecycle import RefundStatus
from payments.models import Refund
from payments.services.resend_refund import resend_refund

KIND = "refund"
_TOO_OFTEN = 5  # tries: 75 seconds after the first, by `pause_after`


def waiting() -> QuerySet[Refund]:
    """Refunds that the gateway refused, and those that were sent again and again."""
    tried = Q(status=RefundStatus.PENDING, attempts__gte=_TOO_OFTEN)
    refused = Q(status=RefundStatus.FAILED)
    return without_settled(Refund.objects.filter(tried | refused), kind=KIND)


def _rows() -> list[Row]:
    found = waiting().select_related("payment__order").order_by("created_at")[:MOST_ROWS]
    return [
        Row(
            key=refund.pk,
            what=format_html(
                "{} of {}",
                link_to("payments_refund", refund.pk, str(refund.amount)),
                link_to("orders_order", refund.payment.order_id, refund.payment.order.reference),
            ),
            since=refund.created_at,
            cause=_cause(refund),
            commands=("send", "settled") if refund.status == RefundStatus.FAILED else ("send",),
        )
        for refund in found
    ]


def _cause(refund: Refund) -> str:
    if refund.status == RefundStatus.FAILED:
        return f"The gateway refused it, after {refund.attempts} tries. The customer still waits for the money."
    return (
        f"The gateway has not confirmed it in {refund.attempts} tries; the next one is at {instant(refund.attempt_at)}."
    )


def _send(key: str, actor: Actor, reason: str) -> str:
    # Asked under the lock that settling takes: else the customer could have the money twice.
    still_open = partial(check_open, kind=KIND, object_id=key)
    refund = resend_refund(refund_id=key, actor=actor, reason=reason, check=still_open)
    return f"The refund of {refund.amount} is on its way to the gateway."


def _settled(key: str, actor: Actor, reason: str) -> str:
    refused = Refund.objects.filter(status=RefundStatus.FAILED)  # any other the gateway may still pay
    settle_row(kind=KIND, rows=refused, object_id=key, actor=actor, reason=reason)
    return "The refund is off the list; its history tells why."


def _refund(key: str) -> Any:
    return Refund.objects.filter(pk=key).first()


FAILED_REFUNDS = WorkList(
    name="failed-refunds",
    title="Failed refunds",
    icon="money_off",
    right="payments.view_refund",
    hint="Owed to a customer, and refused or unanswered by the gateway",
    empty="Every refund has arrived, or is on its way.",
    rows=_rows,
    waiting=waiting,
    commands=(
        Command(
            name="send",
            label="Send again",
            right="backoffice.resend_refund",
            noted="Refund sent again",
            reasons=(("gateway_is_back", "The gateway is back"), ("cause_removed", "What was wrong has been mended")),
            run=_send,
            subject=_refund,
        ),
        Command(
            name="settled",
            label="Paid by other means",
            right="backoffice.settle_row",
            noted="Refund settled by other means",
            reasons=(
                ("bank_transfer", "By bank transfer"),
                ("voucher", "By voucher"),
                ("at_gateway", "At the gateway"),
            ),
            run=_settled,
            subject=_refund,
            primary=False,
        ),
    ),
)
