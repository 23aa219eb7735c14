"""Two partial indexes find the few lines by staff among those of all orders; a line by anybody else touches neither."""

from django.db import migrations

_INDEX = "CREATE INDEX {name} ON {table} (at) WHERE actor LIKE 'staff:%'"


def _of_staff(table: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(_INDEX.format(name=name, table=table), f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """Adds the indexes."""

    dependencies = [("audit", "0002_watch"), ("orders", "0007_written_together")]
    operations = [
        _of_staff("orders_orderevent", "order_event_by_staff"),
        _of_staff("catalog_inventory_journal", "journal_by_staff"),
    ]
