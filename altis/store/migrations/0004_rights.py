"""A right of its own for trying parked events again."""

from django.db import migrations


class Migration(migrations.Migration):
    """Changes no table."""

    dependencies = [("store", "0003_outbox_by_time")]
    operations = [
        migrations.AlterModelOptions(
            name="outboxevent",
            options={"permissions": [("retry_outboxevent", "Can have parked events tried again")]},
        ),
    ]
