"""Order events by their time: what changed of late is looked up every minute."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the index without stopping the writers."""

    atomic = False
    dependencies = [("orders", "0002_events_are_history")]
    operations = [AddIndexConcurrently("orderevent", models.Index(models.F("at"), name="order_event_by_time"))]
