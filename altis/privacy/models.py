"""One data key per person, wrapped: deleting the row erases all their data at once. And who was erased."""

from django.db import models

from altis.store.fields import CreatedAtField


class SubjectKey(models.Model):
    """The 256-bit key that locks one person's data, itself locked by a key of the ring `ALTIS_KEK_RING`."""

    subject = models.CharField(max_length=64, primary_key=True, db_collation="C", help_text="A usr_ or gst_ id")
    dek_wrapped = models.BinaryField(help_text="Nonce, wrapped key and tag: 60 bytes")
    kek_id = models.CharField(max_length=32, help_text="Which key of the ring locks it")
    created_at = CreatedAtField()
    updated_at = CreatedAtField(help_text="Last time it was wrapped")

    def __str__(self) -> str:
        return f"{self.subject} ({self.kek_id})"


class ErasureLog(models.Model):
    """Somebody was erased: the id and no personal data. Append-only by trigger, and replayed after a restore.

    A second trigger lets nobody who stands here have a data key again.
    """

    subject = models.CharField(max_length=64, primary_key=True, db_collation="C", help_text="A usr_, gst_ or pax_ id")
    at = CreatedAtField()
    actor = models.CharField(max_length=64)
    reason = models.CharField(max_length=64, help_text="A stable word, such as person_asked")

    class Meta:
        ordering = ("at", "subject")

    def __str__(self) -> str:
        return f"{self.subject} ({self.reason})"
