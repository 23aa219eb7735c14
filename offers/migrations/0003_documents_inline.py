"""A decided offer's document stays in its row as it is: it is written once, and pressing it cost more than it saved."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("offers", "0002_needless_indexes")]

    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE offers_offer SET (toast_tuple_target = 8160)",
            "ALTER TABLE offers_offer RESET (toast_tuple_target)",
        ),
    ]
