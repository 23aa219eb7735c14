"""Filters of lists that staff keep under a name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import altis.store.database
import altis.store.fields


class Migration(migrations.Migration):
    """Creates the table."""

    dependencies = [("accounts", "0002_reveal")]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(help_text="Whose list: `orders.order`", max_length=64)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(help_text="As in the address of the list", max_length=500)),
                (
                    "created_at",
                    altis.store.fields.CreatedAtField(db_default=altis.store.database.DbNow(), editable=False),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("owner"), models.F("page"), models.F("name"), name="saved_filter_once"
                    )
                ],
            },
        ),
    ]
