"""A number that rises with every change of what is for sale, so that copies in memory notice that they are old.

The row of a topic is locked until whoever raised it has committed: so no change becomes visible after a later number.
"""

from django.db import migrations

TABLE = "CREATE TABLE catalog_revision (topic text PRIMARY KEY, number bigint NOT NULL)"
RAISE = """
CREATE FUNCTION catalog_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_revision (topic, number) VALUES (TG_ARGV[0], 1)
  ON CONFLICT (topic) DO UPDATE SET number = catalog_revision.number + 1;
  RETURN NULL;
END $$
"""
# What an order does to an inventory is no change of the catalog: of its updates only those of its capacity count.
WATCHED = {
    "network": {
        "catalog_airport": "UPDATE",
        "catalog_aircraft": "UPDATE",
        "catalog_fare": "UPDATE",
        "catalog_flight": "UPDATE",
        "catalog_inventory": "UPDATE OF capacity, flight_id, cabin, product_id",
    },
    "assortment": {"catalog_product": "UPDATE", "catalog_bundle": "UPDATE", "catalog_bundleitem": "UPDATE"},
}


def _watch(table: str, update: str, topic: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_revision AFTER INSERT OR DELETE OR {update} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION catalog_raise_revision('{topic}')",
        f"DROP TRIGGER {table}_revision ON {table}",
    )


class Migration(migrations.Migration):
    """Adds the table, its function and the triggers."""

    dependencies = [("catalog", "0002_journal_is_history")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE catalog_revision"),
        migrations.RunSQL(RAISE, "DROP FUNCTION catalog_raise_revision()"),
        *(_watch(table, update, topic) for topic, tables in WATCHED.items() for table, update in tables.items()),
    ]
