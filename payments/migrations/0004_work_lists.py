"""What work lists count is found by index, however many rows there are."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_needless_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="refund",
            index=models.Index("created_at", name="refund_failed", condition=Q(status="FAILED")),
        ),
        migrations.AddIndex(model_name="webhookreceipt", index=models.Index("received_at", name="receipt_by_time")),
        migrations.AddIndex(
            model_name="webhookreceipt",
            index=models.Index("received_at", name="receipt_not_understood", condition=Q(outcome="unknown")),
        ),
    ]
