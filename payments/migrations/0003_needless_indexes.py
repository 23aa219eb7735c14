"""Drops indexes that nothing reads: each was written with every order (docs/holds.md)."""

from django.db import migrations

from altis.store.indexes import drop_pattern_indexes


class Migration(migrations.Migration):
    """Changes no column."""

    dependencies = [("payments", "0002_refunds_are_kept")]
    operations = [drop_pattern_indexes("payments_payment")]
