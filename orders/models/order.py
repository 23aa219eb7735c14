"""The order, and the row that every move of it leaves behind."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from altis.accounts.emails import INDEX_PURPOSE
from altis.privacy.blind import BlindIndexField
from altis.privacy.fields import EncryptedTextField
from altis.shared.actors import Cause
from altis.shared.events import Event
from altis.shared.ids import new_id, new_reference
from altis.store.fields import CreatedAtField, CurrencyField, MoneyOf, PublicIdField
from altis.store.making import make
from orders.events import EVENT_OF, EVENT_OF_CHANGE, OrderMoneyBack
from orders.history import snapshot
from orders.lifecycle import ORDER, OrderChange, OrderStatus

_STATUSES = [(status.value, status.value) for status in OrderStatus]
_OPEN = ["PROPOSED", "PAYMENT_PENDING"]


class Order(models.Model):
    """The one permanent record of what was sold.

    `slices`, `lines` and `conditions` are kept as they were offered; `payments` and `refunds` are what the payments
    app has told, so that an order can be shown, and shown as it stood, without asking anybody.
    """

    LIFECYCLE: ClassVar = ORDER

    id = PublicIdField(prefix="ord")
    reference = models.CharField(max_length=6, default=new_reference, editable=False, db_collation="C")
    offer_id = models.CharField(max_length=32, db_collation="C")
    # No index of its own on a key that begins another index (owner, order), or that nobody looks rows up by.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="orders")
    client = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the address that accepted")
    status = models.CharField(max_length=16, choices=_STATUSES, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = CreatedAtField()
    expires_at = models.DateTimeField(help_text="End of the hold; counts only while PROPOSED")
    fulfil_at = models.DateTimeField(null=True, editable=False, help_text="While PAID: when issuing is tried next")
    arrives_at = models.DateTimeField(help_text="Last arrival")
    total_minor = models.BigIntegerField()
    currency = CurrencyField()
    bundle = models.CharField(max_length=32)
    bundle_name = models.CharField(max_length=80)
    slices = models.JSONField(default=list)
    lines = models.JSONField(default=list, help_text="What was sold, without personal data")
    conditions = models.JSONField(default=dict)
    payments = models.JSONField(default=list)
    refunds = models.JSONField(default=list)
    contact_email = EncryptedTextField(subject="owner_id")
    contact_phone = EncryptedTextField(subject="owner_id")
    contact_index = BlindIndexField(source="contact_email", purpose=INDEX_PURPOSE, default="", db_default="")

    total = MoneyOf("total_minor")
    seen_at: datetime | None = None  # the database's clock when the row was locked; no column
    change: str = ""  # while it is told: what happens to an order that stays in its status; no column

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint("reference", name="order_reference_once"),
            models.UniqueConstraint("offer_id", name="order_accepts_an_offer_once"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in OrderStatus]), name="order_status_known"),
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="order_total_not_negative"),
        ]
        indexes = [
            models.Index("expires_at", name="order_due", condition=Q(status="PROPOSED")),
            models.Index("arrives_at", name="order_flown", condition=Q(status="FULFILLED")),
            models.Index("fulfil_at", name="order_unfulfilled", condition=Q(status="PAID")),
            models.Index(fields=["owner", "-id"], name="order_by_owner"),
            # Each serves one count of open holds, and neither the other: read as a whole it would grow with the shop.
            models.Index("client", name="order_open_by_client", condition=Q(status__in=_OPEN) & ~Q(client="")),
            models.Index("owner_id", name="order_open_by_owner", condition=Q(status__in=_OPEN) & ~Q(owner_id="")),
            # For staff who search.
            models.Index("contact_index", name="order_by_contact", condition=~Q(contact_index="")),
            BrinIndex("created_at", name="order_by_time", autosummarize=True),
        ]
        permissions = [
            ("cancel_order", "Can cancel an unpaid order"),
            ("archive_order", "Can archive a flown order"),
            ("refund_order", "Can give the money of a paid order back"),
            ("rebook_order", "Can move a paid order to another flight"),
            ("reissue_order", "Can issue the documents of an order anew"),
            ("resend_order", "Can tell a customer again where the documents are"),
            ("extend_order", "Can extend the hold of an unpaid order"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"

    def keep(self, **parts: Sequence[models.Model]) -> None:
        """Take these parts (`passengers`, `items`, `documents`) for all of the order's, so that nobody asks for them.

        For whoever has just written or read them; `part` tells them.
        """
        vars(self).setdefault("_parts", {}).update({name: list(rows) for name, rows in parts.items()})

    def part(self, name: str) -> list[Any]:
        """All of the order's `passengers`, `items` or `documents`, in their order: the kept ones, else by a query."""
        kept: dict[str, list[Any]] = vars(self).get("_parts", {})
        return kept[name] if name in kept else list(getattr(self, name).all())

    def told(self, *, came_from: str | None, cause: Cause) -> tuple[models.Model | None, Event | None]:
        """The history row and the event of the move just made, or of the `change` of an order that has not moved."""
        history = make(
            OrderEvent,
            order_id=self.id,
            sequence=self.version,
            from_status=came_from,
            to_status=self.status,
            actor=str(cause.actor),
            reason=cause.reason,
            change=self.change,
            snapshot=snapshot(self, came_from=came_from, kept=vars(self).get("_parts", {})),
        )
        kind = EVENT_OF_CHANGE[self.change] if self.change else EVENT_OF[self.status]
        event = kind(
            subject=self.id,
            sequence=self.version,
            status=self.status,
            came_from=came_from,
            reason=cause.reason,
            offer_id=self.offer_id,
            total=self.total,
            lines=self.lines,
            **({"refunds": self.refunds} if issubclass(kind, OrderMoneyBack) else {}),
        )
        return history, event


def _event_id() -> str:
    return new_id("evt")


class OrderEvent(models.Model):
    """One move or change of an order: append-only by trigger. Its id is also that of the outbox event."""

    id = PublicIdField(prefix="evt", default=_event_id)
    order = models.ForeignKey(  # written with its order, which refuses to be deleted: see decision 0015
        Order, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="events"
    )
    sequence = models.PositiveIntegerField()
    from_status = models.CharField(max_length=16, null=True, choices=_STATUSES)
    to_status = models.CharField(max_length=16, choices=_STATUSES)
    actor = models.CharField(max_length=64)
    reason = models.CharField(max_length=64)
    change = models.CharField(
        max_length=12, blank=True, default="", db_default="", choices=[(c.value, c.value) for c in OrderChange]
    )
    at = CreatedAtField()
    snapshot = models.JSONField(default=dict, help_text="What the order was afterwards, as far as this changed it")

    class Meta:
        ordering = ("sequence",)
        indexes = [models.Index("at", name="order_event_by_time")]
        constraints = [models.UniqueConstraint("order", "sequence", name="order_events_in_order")]

    def __str__(self) -> str:
        return self.change or f"{self.from_status or ''} → {self.to_status}"
