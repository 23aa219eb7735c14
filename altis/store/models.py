"""Rows that every app shares: events waiting for Kafka, and answers kept for idempotent retries."""

from django.db import models
from django.db.models import Q

from altis.store.fields import CreatedAtField, PublicIdField


class OutboxEvent(models.Model):
    """One event, written in the transaction of the change it announces, waiting for the relay."""

    position = models.BigAutoField(primary_key=True)
    id = PublicIdField(prefix="evt", primary_key=False, unique=True)
    topic = models.CharField(max_length=64)
    type = models.CharField(max_length=64)
    subject = models.CharField(max_length=64, db_collation="C", help_text="Id of the aggregate; the Kafka key")
    sequence = models.BigIntegerField(help_text="Version of the aggregate after the change")
    payload = models.JSONField(default=dict)
    headers = models.JSONField(default=dict)
    created_at = CreatedAtField()
    published_at = models.DateTimeField(null=True, editable=False)
    parked_at = models.DateTimeField(null=True, editable=False, help_text="Set when Kafka refuses the event for good")
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                "position", name="outbox_waiting", condition=Q(published_at__isnull=True, parked_at__isnull=True)
            ),
            models.Index("subject", name="outbox_parked", condition=Q(parked_at__isnull=False)),
            models.Index("created_at", name="outbox_by_time"),
        ]
        constraints = [
            models.UniqueConstraint("topic", "subject", "sequence", name="outbox_one_event_per_version"),
        ]
        permissions = [("retry_outboxevent", "Can have parked events tried again")]

    def __str__(self) -> str:
        return f"{self.type} {self.subject} #{self.sequence}"


class IdempotencyKey(models.Model):
    """The answer to a POST, kept under the caller's key for 24 hours. Unanswered while the work is going on."""

    principal = models.CharField(max_length=64, db_collation="C")
    route = models.CharField(max_length=200, db_collation="C")
    key = models.CharField(max_length=255, db_collation="C")
    fingerprint = models.CharField(max_length=64)
    resource = models.CharField(max_length=64, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True, help_text="The reply, encrypted under the principal's data key")
    created_at = CreatedAtField()

    class Meta:
        constraints = [
            models.UniqueConstraint("principal", "route", "key", name="idempotency_one_answer_per_key"),
        ]
        indexes = [models.Index("created_at", name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"{self.route} ({self.status or 'running'})"
