"""Drops indexes that nothing reads: each was written with every order (docs/holds.md)."""

import django.db.models.deletion
from django.db import migrations, models

from altis.store.indexes import drop_pattern_indexes


class Migration(migrations.Migration):
    """Changes no column."""

    dependencies = [
        ("catalog", "0003_revision"),
    ]

    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="inventory",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="journal",
                to="catalog.inventory",
            ),
        ),
        drop_pattern_indexes("catalog_hold", "catalog_inventory_journal", "catalog_seatassignment"),
    ]
