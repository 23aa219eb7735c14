"""What staff may do with a paid order: changes in its history, void documents, and a right for each."""

from django.db import migrations, models

_CHANGES = ["rebooked", "reissued", "resent", "extended", "compensated", "refunded"]


class Migration(migrations.Migration):
    """Both columns are added without rewriting a table."""

    dependencies = [("orders", "0007_written_together")]

    operations = [
        migrations.AddField(
            model_name="orderevent",
            name="change",
            field=models.CharField(
                blank=True, choices=[(word, word) for word in _CHANGES], db_default="", default="", max_length=12
            ),
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="snapshot",
            field=models.JSONField(default=dict, help_text="What the order was afterwards, as far as this changed it"),
        ),
        migrations.AddField(
            model_name="document",
            name="voided_at",
            field=models.DateTimeField(editable=False, help_text="Since when it is good for nothing", null=True),
        ),
        migrations.AlterModelOptions(
            name="order",
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("cancel_order", "Can cancel an unpaid order"),
                    ("archive_order", "Can archive a flown order"),
                    ("refund_order", "Can give the money of a paid order back"),
                    ("rebook_order", "Can move a paid order to another flight"),
                    ("reissue_order", "Can issue the documents of an order anew"),
                    ("resend_order", "Can tell a customer again where the documents are"),
                    ("extend_order", "Can extend the hold of an unpaid order"),
                ],
            },
        ),
    ]
