"""What the back-office itself remembers: work on many orders at once, and rows of work lists that somebody settled."""

from django.db import models
from django.db.models import Q

from altis.store.fields import CreatedAtField, PublicIdField

ONE_RUN_A_FLIGHT = "bulk_one_run_a_flight"


class BulkKind(models.TextChoices):
    """What is done to every order of a flight."""

    REBOOK = "rebook", "Rebook"
    REFUND = "refund", "Refund"


class ItemState(models.TextChoices):
    """How far one order of such a run is."""

    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"


class BulkRun(models.Model):
    """One command for all disrupted orders of a flight. A worker goes from order to order, and may die between two."""

    id = PublicIdField(prefix="run")
    kind = models.CharField(max_length=8, choices=BulkKind.choices)
    flight_id = models.CharField(max_length=32, db_collation="C", help_text="The cancelled flight")
    to_flight_id = models.CharField(max_length=32, blank=True, db_collation="C", help_text="Where to, when rebooked")
    actor = models.CharField(max_length=64)
    reason = models.CharField(max_length=64)
    created_at = CreatedAtField()
    taken_until = models.DateTimeField(null=True, editable=False, help_text="A worker has it; after this another may")
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-id",)
        constraints = [
            # A second click, or a colleague's, finds the run that is going on.
            models.UniqueConstraint("flight_id", name=ONE_RUN_A_FLIGHT, condition=Q(finished_at__isnull=True))
        ]
        permissions = [
            ("rebook_flight", "Can rebook all orders of a cancelled flight"),
            ("refund_flight", "Can refund all orders of a cancelled flight"),
            ("settle_payment", "Can have the gateway asked about a stuck payment"),
            ("resend_refund", "Can have a refund sent again"),
            ("settle_row", "Can mark a row of a work list as settled"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.flight_id}"


class BulkItem(models.Model):
    """One order of a run, and what became of it."""

    run = models.ForeignKey(BulkRun, on_delete=models.PROTECT, db_index=False, related_name="items")
    order_id = models.CharField(max_length=32, db_collation="C", help_text="A plain value, as in holds")
    reference = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.WAITING)
    code = models.CharField(max_length=64, blank=True, help_text="Why it was refused")
    detail = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint("run", "order_id", name="bulk_item_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class SettledRow(models.Model):
    """A row of a work list that needs nothing more, on somebody's word: it was settled by other means."""

    kind = models.CharField(max_length=16, help_text="Which list")
    object_id = models.CharField(max_length=64, db_collation="C")
    actor = models.CharField(max_length=64)
    reason = models.CharField(max_length=64)
    at = CreatedAtField()

    class Meta:
        ordering = ("-at",)
        constraints = [models.UniqueConstraint("kind", "object_id", name="settled_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
