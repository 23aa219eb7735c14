"""What a gateway has told and nobody here understood."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html

from altis.backoffice.services.settle import settle_row
from altis.backoffice.worklists.row import MOST_ROWS, Command, Row, WorkList
from altis.backoffice.worklists.settled import without_settled
from altis.shared.actors import Actor
from altis.store.admin.readonly import link_to
from altis.store.database import DbNow
from payments.models import WebhookReceipt
from payments.services.webhook import KNOWN_TYPES, NOT_UNDERSTOOD

KIND = "webhook"
_KEPT = timedelta(days=30)


def waiting() -> QuerySet[WebhookReceipt]:
    """Receipts of the last month that changed nothing because their payment, or their type, is not known."""
    unclear = WebhookReceipt.objects.filter(outcome=NOT_UNDERSTOOD, received_at__gte=DbNow() - _KEPT)
    return without_settled(unclear, kind=KIND)


def _rows() -> list[Row]:
    return [
        Row(
            key=receipt.event_id,
            what=format_html(
                "{} from {}", link_to("payments_webhookreceipt", receipt.event_id, receipt.type), receipt.gateway
            ),
            since=receipt.received_at,
            cause=_cause(receipt),
            commands=("settled",),
        )
        for receipt in waiting().order_by("received_at")[:MOST_ROWS]
    ]


def _cause(receipt: WebhookReceipt) -> str:
    if receipt.type not in KNOWN_TYPES:
        return "An event of a type that this release does not know. Nothing was changed."
    return (
        f"It speaks of {receipt.payment_id}, which is no payment of this gateway here. Look for it in the gateway's "
        "own books: it may belong to another shop."
    )


def _settled(key: str, actor: Actor, reason: str) -> str:
    unclear = WebhookReceipt.objects.filter(outcome=NOT_UNDERSTOOD)
    settle_row(kind=KIND, rows=unclear, object_id=key, actor=actor, reason=reason)
    return "The webhook is off the list; its history tells why."


def _receipt(key: str) -> Any:
    return WebhookReceipt.objects.filter(pk=key).first()


WEBHOOKS = WorkList(
    name="webhooks",
    title="Webhooks not understood",
    icon="webhook",
    right="payments.view_webhookreceipt",
    hint="Told by a gateway, and about nothing that is known here",
    empty="Every webhook of the last 30 days was understood.",
    rows=_rows,
    waiting=waiting,
    commands=(
        Command(
            name="settled",
            label="Looked into",
            right="backoffice.settle_row",
            noted="Webhook looked into",
            reasons=(
                ("not_ours", "It belongs to another shop"),
                ("of_no_effect", "It is of no effect here"),
                ("told_gateway", "The gateway has been told"),
            ),
            run=_settled,
            subject=_receipt,
        ),
    ),
)
