"""Refunds are never deleted."""

from django.db import migrations

from altis.store.guards import refuse


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("payments", "0001_initial")]
    operations = [refuse("DELETE", on="payments_refund")]
