"""Reveals of personal data, and histories of staff that nobody rewrites."""

import functools

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import altis.privacy.fields
import altis.shared.ids
import altis.store.database
import altis.store.fields
from altis.store.guards import refuse


class Migration(migrations.Migration):
    """Creates the table; it and the log of the back-office refuse changes from here on."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reveal",
            fields=[
                (
                    "id",
                    altis.store.fields.PublicIdField(
                        db_collation="C",
                        default=functools.partial(altis.shared.ids.new_id, *("rvl",), **{}),
                        editable=False,
                        max_length=32,
                        prefix="rvl",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "subject",
                    models.CharField(db_collation="C", help_text="Whose data: a usr_ id", max_length=64),
                ),
                (
                    "object_type",
                    models.CharField(help_text="What was open: an order, or the account", max_length=32),
                ),
                ("object_id", models.CharField(db_collation="C", max_length=32)),
                ("reason", altis.privacy.fields.EncryptedTextField(subject="subject")),
                ("at", altis.store.fields.CreatedAtField(db_default=altis.store.database.DbNow(), editable=False)),
                (
                    "actor",
                    models.ForeignKey(
                        help_text="Who has seen it",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("reveal_personal_data", "Can reveal personal data, for a reason that is written down")
                ],
                "indexes": [
                    models.Index(models.F("subject"), name="reveal_by_subject"),
                    models.Index(models.F("at"), name="reveal_by_time"),
                ],
            },
        ),
        refuse("UPDATE OR DELETE", on="accounts_reveal"),
        refuse("UPDATE OR DELETE", on="django_admin_log"),
    ]
