"""The table of changes, and the line of the audit as Django knows it."""

import altis.store.database
import altis.store.fields
from django.db import migrations, models

from altis.store.guards import refuse

_ENTRY = [
    ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
    ("at", models.DateTimeField()),
    (
        "source",
        models.CharField(
            choices=[
                ("change", "Change of data"),
                ("note", "Noted by a page"),
                ("reveal", "Personal data seen"),
                ("order", "Order command"),
                ("inventory", "Inventory command"),
            ],
            max_length=16,
        ),
    ),
    ("staff", models.CharField(max_length=64)),
    ("act", models.CharField(max_length=32)),
    ("object_type", models.CharField(help_text="A table, such as `catalog_product`", max_length=200)),
    ("object_id", models.CharField(max_length=64)),
    ("object_name", models.CharField(max_length=120)),
    ("owner_type", models.CharField(max_length=63)),
    ("owner_id", models.CharField(max_length=64)),
    ("before", models.JSONField(null=True)),
    ("after", models.JSONField(null=True)),
    ("reason", models.TextField()),
    ("page", models.CharField(max_length=200)),
]
_CHANGE = [
    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
    ("at", altis.store.fields.CreatedAtField(db_default=altis.store.database.DbNow(), editable=False)),
    ("relation", models.CharField(help_text="The table", max_length=63)),
    ("key", models.CharField(db_collation="C", max_length=64)),
    ("name", models.CharField(blank=True, max_length=120)),
    ("owner", models.CharField(blank=True, help_text="The owner's table", max_length=63)),
    ("owner_key", models.CharField(blank=True, db_collation="C", max_length=64)),
    (
        "act",
        models.CharField(
            choices=[("added", "Added"), ("changed", "Changed"), ("deleted", "Deleted")], max_length=8
        ),
    ),
    ("before", models.JSONField(null=True)),
    ("after", models.JSONField(null=True)),
    (
        "staff",
        models.CharField(blank=True, db_collation="C", help_text="Empty: a command, or by hand", max_length=32),
    ),
    ("page", models.CharField(blank=True, max_length=200)),
    ("reason", models.CharField(blank=True, max_length=200)),
]


class Migration(migrations.Migration):
    """Makes audit_change, which refuses to be rewritten."""

    initial = True
    dependencies = [("store", "0001_functions")]
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=_ENTRY,
            options={
                "verbose_name_plural": "audit",
                "db_table": "audit_entry",
                "ordering": ("-at", "-id"),
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=_CHANGE,
            options={
                "indexes": [
                    models.Index(models.F("at"), name="audit_by_time"),
                    models.Index(models.F("relation"), models.F("key"), name="audit_by_row"),
                ]
            },
        ),
        refuse("UPDATE OR DELETE", on="audit_change"),
    ]
