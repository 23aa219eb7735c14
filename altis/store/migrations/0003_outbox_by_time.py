"""Outbox events by their time: what changed of late is looked up every minute."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the index without stopping the writers."""

    atomic = False
    dependencies = [("store", "0002_initial")]
    operations = [AddIndexConcurrently("outboxevent", models.Index(models.F("created_at"), name="outbox_by_time"))]
