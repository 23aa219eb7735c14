"""What was changed by hand, and a view of all that staff have done."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Upper

from altis.store.fields import CreatedAtField


class Act(models.TextChoices):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"


class Change(models.Model):
    """One row of a watched table that was written: by trigger, so in bulk and by hand as well. Append-only by trigger.

    `before` and `after` hold columns by name: all of a row that came or went, those that differ of one that changed.
    `name` is what people called the row then; `owner` and `owner_key` say on whose page it stands, where it has none.
    """

    at = CreatedAtField()
    relation = models.CharField(max_length=63, help_text="The table")
    key = models.CharField(max_length=64, db_collation="C")
    name = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=63, blank=True, help_text="The owner's table")
    owner_key = models.CharField(max_length=64, db_collation="C", blank=True)
    act = models.CharField(max_length=8, choices=Act.choices)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    staff = models.CharField(max_length=32, db_collation="C", blank=True, help_text="Empty: a command, or by hand")
    page = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index("at", name="audit_by_time"),
            models.Index("relation", "key", name="audit_by_row"),
            models.Index("staff", "at", name="audit_by_staff"),
            models.Index("act", "at", name="audit_by_act"),
            models.Index("key", name="audit_by_key"),
            models.Index("owner_key", name="audit_by_owner"),
            models.Index(OpClass(Upper("name"), name="text_pattern_ops"), name="audit_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.key} {self.act}"


class Source(models.TextChoices):
    """Where a line of the audit comes from."""

    CHANGE = "change", "Change of data"
    NOTE = "note", "Noted by a page"
    REVEAL = "reveal", "Personal data seen"
    ORDER = "order", "Order command"
    INVENTORY = "inventory", "Inventory command"


class Entry(models.Model):
    """A line of the audit, whatever it comes from: a database view, so there is nothing to write."""

    id = models.CharField(primary_key=True, max_length=80)
    at = models.DateTimeField()
    source = models.CharField(max_length=16, choices=Source.choices)
    staff = models.CharField(max_length=64)
    act = models.CharField(max_length=32)
    object_type = models.CharField(max_length=200, help_text="A table, such as `catalog_product`")
    object_id = models.CharField(max_length=64)
    object_name = models.CharField(max_length=120)
    owner_type = models.CharField(max_length=63)
    owner_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField()
    page = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "audit_entry"
        ordering = ("-at", "-id")
        verbose_name_plural = "audit"

    def __str__(self) -> str:
        return f"{self.object_name or self.object_id} {self.act}"
