"""Rights of their own for what staff may do with an order."""

from django.db import migrations


class Migration(migrations.Migration):
    """Changes no table."""

    dependencies = [("orders", "0003_events_by_time")]
    operations = [
        migrations.AlterModelOptions(
            name="order",
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("cancel_order", "Can cancel an unpaid order"),
                    ("archive_order", "Can archive a flown order"),
                ],
            },
        ),
    ]
