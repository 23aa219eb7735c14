"""Half of each page of the holds is left free: each of them moves once, and finds room beside what it was."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0004_needless_indexes")]

    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE catalog_hold SET (fillfactor = 45)",
            "ALTER TABLE catalog_hold RESET (fillfactor)",
        ),
    ]
