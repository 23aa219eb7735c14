"""Order events are append-only."""

from django.db import migrations

from altis.store.guards import refuse


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("orders", "0001_initial")]
    operations = [refuse("UPDATE OR DELETE", on="orders_orderevent")]
