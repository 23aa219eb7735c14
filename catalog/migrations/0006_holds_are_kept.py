"""Holds refuse to be deleted, so the journal's key to them needs no check (docs/decisions)."""

import django.db.models.deletion
from django.db import migrations, models

from altis.store.guards import refuse


class Migration(migrations.Migration):
    """The trigger first: there is no moment without a guard."""

    dependencies = [("catalog", "0005_room_for_updates")]

    operations = [
        refuse("DELETE", on="catalog_hold"),
        migrations.AlterField(
            model_name="journalentry",
            name="hold",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="journal",
                to="catalog.hold",
            ),
        ),
    ]
