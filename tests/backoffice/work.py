"""What work lists are tested with: rows of each list, and the two buttons of every row."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from altis.insight.models import InvariantRun
from altis.shared.clock import now
from orders.models import Order
from payments.models import Payment, Refund, WebhookReceipt


def stuck(order: Order, **fields: Any) -> Payment:
    """An attempt past its deadline of which the gateway knows nothing."""
    past = now() - timedelta(minutes=10)
    row = {"status": "UNKNOWN", "deadline_at": past, "check_at": past, "checks": 7, **fields}
    Payment.objects.filter(order=order).update(**row)
    return Payment.objects.get(order=order)


def failed(payment: Payment, **fields: Any) -> Refund:
    """A refund that the gateway refused."""
    row = {"cause": "unusable", "amount_minor": 100, "status": "FAILED", "attempts": 3, **fields}
    return Refund.objects.create(payment=payment, attempt_at=payment.created_at, **row)


def unclear(event_id: str = "evt_1", **fields: Any) -> WebhookReceipt:
    """A webhook about nothing that is known here."""
    row = {"gateway": "simulator", "type": "payment.captured", "payment_id": "pay_nobody", **fields}
    return WebhookReceipt.objects.create(event_id=event_id, outcome="unknown", **row)


def checked(*ids: str, unasked: tuple[str, ...] = ()) -> InvariantRun:
    """A check of the gate has just ended, and found these inventories wrong."""
    broken = [{"number": "I7", "title": "", "found": len(ids), "ids": list(ids)}] if ids else []
    told: dict[str, Any] = {"scope": "recent", "as_of": now(), "seconds": 1, "asked": 2}
    return InvariantRun.objects.create(broken=broken, unasked=list(unasked), **told)


def press(client: Client, list_name: str, command: str, key: str, reason: str) -> Any:
    """Press a row's button."""
    return client.post(f"/admin/worklists/{list_name}/{command}/", {"key": key, "reason": reason}, follow=True)


def said(reply: Any) -> list[str]:
    """What the page tells about the button that was pressed."""
    return [strip_tags(str(message)) for message in reply.context["messages"]]
