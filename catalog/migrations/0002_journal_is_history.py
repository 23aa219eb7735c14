"""The inventory journal is append-only."""

from django.db import migrations

from altis.store.guards import refuse


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("catalog", "0001_initial")]
    operations = [refuse("UPDATE OR DELETE", on="catalog_inventory_journal")]
