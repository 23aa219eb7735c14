"""Data keys by person."""

from django.db import migrations, models

import altis.store.database
import altis.store.fields


class Migration(migrations.Migration):
    """Creates the table of data keys."""

    initial = True

    dependencies = [("store", "0001_functions")]

    operations = [
        migrations.CreateModel(
            name="SubjectKey",
            fields=[
                (
                    "subject",
                    models.CharField(
                        db_collation="C",
                        help_text="A usr_ or gst_ id",
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("dek_wrapped", models.BinaryField(help_text="Nonce, wrapped key and tag: 60 bytes")),
                ("kek_id", models.CharField(db_index=True, help_text="Which key of the ring locks it", max_length=32)),
                (
                    "created_at",
                    altis.store.fields.CreatedAtField(db_default=altis.store.database.DbNow(), editable=False),
                ),
                (
                    "updated_at",
                    altis.store.fields.CreatedAtField(
                        db_default=altis.store.database.DbNow(), editable=False, help_text="Last time it was wrapped"
                    ),
                ),
            ],
        ),
    ]
