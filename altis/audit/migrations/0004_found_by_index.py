"""The audit is read newest first, and found by who did it and by what it was done to, however long it gets.

Only what staff do writes to these indexes: no search, order or payment does.
"""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Upper

_BY_STAFF = "WHERE actor LIKE 'staff:%'"


def _index(name: str, on: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"CREATE INDEX {name} ON {on}", f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """Adds the indexes: of a table of ours, of Django's own log, and of what the views make of actors."""

    dependencies = [("audit", "0003_by_staff"), ("admin", "0003_logentry_add_action_flag_choices")]
    operations = [
        migrations.AddIndex("change", models.Index("staff", "at", name="audit_by_staff")),
        migrations.AddIndex("change", models.Index("act", "at", name="audit_by_act")),
        migrations.AddIndex("change", models.Index("key", name="audit_by_key")),
        migrations.AddIndex("change", models.Index("owner_key", name="audit_by_owner")),
        migrations.AddIndex(
            "change", models.Index(OpClass(Upper("name"), name="text_pattern_ops"), name="audit_by_name")
        ),
        _index("admin_log_by_time", "django_admin_log (action_time)"),
        _index("admin_log_by_object", "django_admin_log (coalesce(left(object_id, 64), ''))"),
        _index("order_event_by_member", f"orders_orderevent (substr(actor, 7), at) {_BY_STAFF}"),
        _index("journal_by_member", f"catalog_inventory_journal (substr(actor, 7), at) {_BY_STAFF}"),
    ]
