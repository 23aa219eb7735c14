"""The inventory ledger, the truth of what can be sold. Written by `catalog.services.holds` and its siblings only."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from altis.shared.actors import Cause
from altis.shared.events import Event
from altis.store.fields import CreatedAtField, PublicIdField
from catalog.lifecycle import HOLD, HoldStatus
from catalog.models.network import Cabin, Flight
from catalog.models.products import Product


class Inventory(models.Model):
    """The counters of one cabin of a flight, or of one limited product on a flight.

    `available = capacity + forced_over - sold - held`, and the database refuses to let it fall below zero.
    """

    flight = models.ForeignKey(Flight, on_delete=models.PROTECT, related_name="inventory")
    cabin = models.CharField(max_length=16, choices=Cabin.choices, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    capacity = models.PositiveIntegerField()
    forced_over = models.PositiveIntegerField(
        default=0, help_text="Deliberate overbooking, with an actor in the journal"
    )
    held = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=0)
    closed = models.BooleanField(db_default=False, default=False, help_text="Nothing more is held, whatever is left")

    class Meta:
        verbose_name_plural = "inventory"
        permissions = (("mend_gate", "Can push the ledger's figures into the gate"),)
        constraints = [
            models.UniqueConstraint("flight", "cabin", "product", name="inventory_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(held__gte=0, sold__gte=0) & Q(capacity__gte=F("held") + F("sold") - F("forced_over")),
                name="inventory_never_oversold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flight} {self.product or self.cabin}"

    @property
    def available(self) -> int:
        """What is left to sell."""
        return self.capacity + self.forced_over - self.sold - self.held


class Hold(models.Model):
    """Units of one inventory kept for one order item: HELD until paid (SOLD) or let go (RELEASED), even after that."""

    LIFECYCLE: ClassVar = HOLD

    id = PublicIdField(prefix="hld")
    order_id = models.CharField(max_length=32, db_collation="C", help_text="A plain value: orders stand above")
    item_id = models.CharField(max_length=32, db_collation="C", unique=True)
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="holds")
    quantity = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, choices=[(s.value, s.value) for s in HoldStatus], editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = CreatedAtField()

    class Meta:
        indexes = [models.Index("order_id", name="hold_by_order")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in HoldStatus]), name="hold_status_known"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="hold_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.inventory_id} {self.status}"

    def told(self, *, came_from: str | None, cause: Cause) -> tuple[models.Model | None, Event | None]:
        """Nothing here: the journal and the inventory's own event tell it, once per inventory."""
        return None, None


class JournalKind(models.TextChoices):
    """What changed an inventory."""

    CAPACITY = "CAPACITY"
    HOLD = "HOLD"
    SELL = "SELL"
    RELEASE = "RELEASE"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"
    RETURN = "RETURN"


class JournalEntry(models.Model):
    """One change of an inventory, numbered without gaps; append-only by trigger."""

    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, db_index=False, related_name="journal")
    version = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=JournalKind.choices)
    hold = models.ForeignKey(  # written with its hold, which refuses to be deleted
        Hold, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="journal"
    )
    d_capacity = models.IntegerField(default=0)
    d_over = models.IntegerField(db_default=0, default=0, help_text="Of the overbooking that somebody authorised")
    d_held = models.IntegerField(default=0)
    d_sold = models.IntegerField(default=0)
    actor = models.CharField(max_length=64)
    reason = models.CharField(max_length=64)
    at = CreatedAtField()

    class Meta:
        db_table = "catalog_inventory_journal"
        verbose_name_plural = "journal entries"
        indexes = [models.Index("at", name="journal_by_time")]
        constraints = [
            models.UniqueConstraint("inventory", "version", name="journal_versions_in_order"),
            models.UniqueConstraint(
                "hold", name="journal_hold_resolves_once", condition=Q(kind__in=["SELL", "RELEASE"])
            ),
            models.UniqueConstraint("hold", name="journal_hold_returns_once", condition=Q(kind="RETURN")),
        ]

    def __str__(self) -> str:
        return f"{self.inventory_id} #{self.version} {self.kind}"


class SeatAssignment(models.Model):
    """A named seat given to one item; the partial unique index is what sells it once."""

    flight = models.ForeignKey(Flight, on_delete=models.PROTECT, related_name="seat_assignments")
    seat = models.CharField(max_length=4)
    order_id = models.CharField(max_length=32, db_collation="C")
    item_id = models.CharField(max_length=32, db_collation="C")
    passenger_id = models.CharField(max_length=32, db_collation="C")
    released_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index("order_id", name="seat_by_order")]
        constraints = [
            models.UniqueConstraint("flight", "seat", name="seat_sold_once", condition=Q(released_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.flight_id} {self.seat}"
