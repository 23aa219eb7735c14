"""The projections' tables, on the alias `analytics`: what is counted, and what is remembered to count it once.

Nothing here refers to a table or a function of the product: the alias may lead to a server of its own.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class SeenEvent(models.Model):
    """The inbox: an event's id, written in the transaction of its effect, so that a repetition has none."""

    id = models.CharField(max_length=64, primary_key=True, db_collation="C")
    topic = models.CharField(max_length=64)
    subject = models.CharField(max_length=64, db_collation="C", help_text="Id of the aggregate")
    sequence = models.BigIntegerField(help_text="Version of the aggregate that the event tells of")
    occurred_at = models.DateTimeField(help_text="The event's own time")
    source = models.CharField(max_length=8, help_text="Where it was first read: topic or outbox")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "sequence"], name="seen_by_subject"),
            models.Index("occurred_at", name="seen_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} #{self.sequence}"


class Checkpoint(models.Model):
    """One row: up to which outbox position everything published is known to be projected."""

    position = models.BigIntegerField(default=0)
    horizon = models.BigIntegerField(null=True, help_text="Newest position at `horizon_at`: the next checkpoint")
    horizon_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="When a consumer last began to read the outbox")
    generation = models.BigIntegerField(default=1, help_text="Counts rebuilds: a scan that began before one is void")
    forgotten_before = models.DateTimeField(null=True, help_text="Events older than this were projected and purged")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="checkpoint_is_one_row")]

    def __str__(self) -> str:
        return f"outbox position {self.position}"


class OwedEvent(models.Model):
    """An outbox position that the checkpoint passed before it was published: a parked event, or one behind it."""

    position = models.BigIntegerField(primary_key=True)
    occurred_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"outbox position {self.position}"


class StrayMessage(models.Model):
    """A message that nobody could read. It was stepped over, and waits here for somebody to look."""

    topic = models.CharField(max_length=64)
    partition = models.IntegerField()
    offset = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    value = models.BinaryField(help_text="The first 1,000 bytes")
    seen_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint("topic", "partition", "offset", name="stray_once")]
        indexes = [models.Index("seen_at", name="stray_by_time")]

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}]@{self.offset}: {self.reason}"


class DailySales(models.Model):
    """What was paid on a UTC day, and what of earlier sales was given back on it."""

    day = models.DateField()
    currency = models.CharField(max_length=3)
    orders = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    refunds = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-day", "currency")
        constraints = [models.UniqueConstraint(fields=["day", "currency"], name="sales_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.currency}"


class DailyProductSales(models.Model):
    """The same sales by type of product, before refunds."""

    day = models.DateField()
    currency = models.CharField(max_length=3)
    product_type = models.CharField(max_length=32)
    units = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-day", "currency", "product_type")
        constraints = [
            models.UniqueConstraint(fields=["day", "currency", "product_type"], name="product_sales_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.product_type}"


class RefundedPayment(models.Model):
    """A payment on its way back. Whether it was a sale is told by one event, when it went back by another."""

    payment_id = models.CharField(max_length=64, primary_key=True, db_collation="C")
    was_sale = models.BooleanField(null=True)
    day = models.DateField(null=True)
    currency = models.CharField(max_length=3, null=True)
    amount_minor = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.payment_id


class InventoryLoad(models.Model):
    """An inventory as its event with the highest version told it."""

    inventory_id = models.CharField(max_length=64, primary_key=True, db_collation="C")
    flight_id = models.CharField(max_length=64, db_collation="C", db_index=True)
    cabin = models.CharField(max_length=32, blank=True)
    product_id = models.CharField(max_length=64, null=True)
    capacity = models.IntegerField()
    held = models.IntegerField()
    sold = models.IntegerField()
    version = models.BigIntegerField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.flight_id} {self.cabin or self.product_id}"


class DailyAcceptance(models.Model):
    """Searches with offers that were shown on a UTC day, by their weights, and those of them that made an order."""

    day = models.DateField(unique=True)
    searches = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    accepted = models.DecimalField(max_digits=20, decimal_places=4, default=0)

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return str(self.day)


class OrdersByStatus(models.Model):
    """How many orders are in a status now: every move takes one away there and adds one here."""

    status = models.CharField(max_length=16, unique=True, db_collation="C")
    orders = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("status",)

    def __str__(self) -> str:
        return f"{self.orders} {self.status}"


class InvariantRun(models.Model):
    """One check of the invariants: what did not hold, and what could not be asked."""

    scope = models.CharField(max_length=16)
    as_of = models.DateTimeField(help_text="The database's clock just before its snapshot")
    seconds = models.FloatField()
    asked = models.PositiveSmallIntegerField(help_text="How many invariants were asked")
    broken = models.JSONField(default=list, help_text="Of each violated one: number, title, found, first ids")
    unasked = models.JSONField(default=list, help_text="Numbers of those that somebody did not answer")

    class Meta:
        ordering = ("-as_of",)
        indexes = [models.Index(fields=["scope", "-as_of"], name="invariant_run_by_scope")]

    def __str__(self) -> str:
        return f"{self.scope} {self.as_of:%Y-%m-%d %H:%M}"


class DailyOrders(models.Model):
    """What became of orders on a UTC day, each move counted on its own day."""

    day = models.DateField(unique=True)
    placed = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    cancelled_by_customer = models.BigIntegerField(default=0)
    cancelled_by_staff = models.BigIntegerField(default=0)
    declined = models.BigIntegerField(default=0, help_text="Cancelled because a payment was refused for good")
    expired = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return str(self.day)
