"""The payments' tables. A payment's status is the point from which it is recovered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from altis.shared.actors import Cause
from altis.shared.clock import iso
from altis.shared.events import Event
from altis.store.fields import CreatedAtField, CurrencyField, MoneyOf, PublicIdField
from orders.models import Order
from payments.events import EVENT_OF
from payments.lifecycle import LIVE, PAYMENT, REFUND, UNDECIDED, PaymentStatus, RefundStatus

SALE = "sale"
# Causes of refunds: money that no order can be paid with, a whole order given up, and parts of one that stands.
UNUSABLE, GIVEN_BACK, GOODWILL = "unusable", "given_back", "goodwill_"


class Payment(models.Model):
    """One attempt to pay. Its id is the idempotency key at the gateway; the customer's token is never stored."""

    LIFECYCLE: ClassVar = PAYMENT

    id = PublicIdField(prefix="pay")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attempts")
    purpose = models.CharField(max_length=32, default=SALE, help_text="`sale`, or the id of the change it pays for")
    gateway = models.CharField(max_length=16)
    intent_id = models.CharField(max_length=64, null=True, editable=False)
    amount_minor = models.PositiveBigIntegerField()
    currency = CurrencyField()
    status = models.CharField(max_length=16, choices=[(s.value, s.value) for s in PaymentStatus], editable=False)
    version = models.PositiveIntegerField(default=1)
    decline_code = models.CharField(max_length=64, blank=True)
    final = models.BooleanField(default=False, help_text="The decline ended the order")
    created_at = CreatedAtField()
    deadline_at = models.DateTimeField(help_text="After this the janitor fences the attempt at the gateway")
    check_at = models.DateTimeField(help_text="When the janitor looks next")
    checks = models.PositiveSmallIntegerField(default=0)

    amount = MoneyOf("amount_minor")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                "order", "purpose", name="payment_one_live_attempt", condition=Q(status__in=[s.value for s in LIVE])
            ),
            models.UniqueConstraint("intent_id", name="payment_intent_once", condition=Q(intent_id__isnull=False)),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in PaymentStatus]), name="payment_status_known"
            ),
        ]
        indexes = [
            models.Index("check_at", name="payment_undecided", condition=Q(status__in=[s.value for s in UNDECIDED]))
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"

    def fact(self) -> dict[str, object]:
        """What the order says about this payment."""
        return {
            "id": self.pk,
            "status": self.status,
            "amount": self.amount.as_json(),
            "created_at": iso(self.created_at),
        }

    def told(self, *, came_from: str | None, cause: Cause) -> tuple[models.Model | None, Event | None]:
        """The event of the move just made; the outbox is its history."""
        return None, EVENT_OF[self.status](
            subject=self.pk,
            sequence=self.version,
            order_id=self.order_id,
            status=self.status,
            came_from=came_from,
            amount=self.amount,
            gateway=self.gateway,
            reason=cause.reason,
        )


class Refund(models.Model):
    """Money on its way back. Its id is the idempotency key at the gateway; rows are never deleted (trigger)."""

    LIFECYCLE: ClassVar = REFUND

    id = PublicIdField(prefix="ref")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    cause = models.CharField(max_length=32, help_text="Why: one refund per payment and cause")
    amount_minor = models.PositiveBigIntegerField()
    currency = CurrencyField()
    status = models.CharField(max_length=16, choices=[(s.value, s.value) for s in RefundStatus], editable=False)
    version = models.PositiveIntegerField(default=1)
    gateway_refund_id = models.CharField(max_length=64, blank=True)
    created_at = CreatedAtField()
    attempt_at = models.DateTimeField(help_text="When it is sent next")
    attempts = models.PositiveSmallIntegerField(default=0)

    amount = MoneyOf("amount_minor")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint("payment", "cause", name="refund_once_per_cause"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in RefundStatus]), name="refund_status_known"),
        ]
        indexes = [
            models.Index("attempt_at", name="refund_pending", condition=Q(status="PENDING")),
            models.Index("created_at", name="refund_failed", condition=Q(status="FAILED")),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"

    def fact(self) -> dict[str, object]:
        """What the order says about this refund."""
        return {
            "id": self.pk,
            "payment_id": self.payment_id,
            "status": self.status,
            "amount": self.amount.as_json(),
            "created_at": iso(self.created_at),
        }

    def told(self, *, came_from: str | None, cause: Cause) -> tuple[models.Model | None, Event | None]:
        """Nothing here: the payment's own moves tell it."""
        return None, None


class WebhookReceipt(models.Model):
    """A webhook event that was received: one row, one effect, however often it is delivered."""

    event_id = models.CharField(max_length=64, primary_key=True, db_collation="C")
    gateway = models.CharField(max_length=16)
    type = models.CharField(max_length=64)
    payment_id = models.CharField(max_length=64, db_collation="C")
    outcome = models.CharField(max_length=16)
    received_at = CreatedAtField()

    class Meta:
        ordering = ("-received_at",)
        indexes = [
            models.Index("payment_id", name="receipt_by_payment"),
            models.Index("received_at", name="receipt_by_time"),
            models.Index("received_at", name="receipt_not_understood", condition=Q(outcome="unknown")),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.outcome}"
