"""Drops indexes that nothing reads: each was written with every order (docs/holds.md)."""

from django.db import migrations, models

from altis.store.indexes import drop_pattern_indexes


class Migration(migrations.Migration):
    """Changes no column."""

    dependencies = [
        ("privacy", "0002_erasures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subjectkey",
            name="kek_id",
            field=models.CharField(help_text="Which key of the ring locks it", max_length=32),
        ),
        drop_pattern_indexes("privacy_subjectkey"),
    ]
