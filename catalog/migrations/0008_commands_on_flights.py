"""A flight can be cancelled, and an inventory closed: then the ledger holds nothing more, whatever is left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """New columns with constant defaults, and the rights of the commands: no table is rewritten."""

    dependencies = [("catalog", "0007_sold_units_return")]

    operations = [
        migrations.AlterModelOptions(
            name="flight",
            options={
                "ordering": ("departing_at", "id"),
                "permissions": (
                    ("resize_flight", "Can change the capacity of a flight"),
                    ("overbook_flight", "Can authorise overbooking of a flight"),
                    ("close_flight", "Can close and reopen the sales of a flight"),
                    ("cancel_flight", "Can cancel a flight"),
                    ("swap_flight", "Can give a flight another aircraft"),
                ),
            },
        ),
        migrations.AlterModelOptions(
            name="inventory",
            options={
                "permissions": (("mend_gate", "Can push the ledger's figures into the gate"),),
                "verbose_name_plural": "inventory",
            },
        ),
        migrations.AddField(
            model_name="flight",
            name="cancelled_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="inventory",
            name="closed",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Nothing more is held, whatever is left"
            ),
        ),
        migrations.AddField(
            model_name="journalentry",
            name="d_over",
            field=models.IntegerField(db_default=0, default=0, help_text="Of the overbooking that somebody authorised"),
        ),
        migrations.AddIndex(
            model_name="flight",
            index=models.Index(
                models.F("cancelled_at"),
                condition=models.Q(("cancelled_at__isnull", False)),
                name="flight_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="flight",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("sales_open", False), _connector="OR"),
                name="flight_cancelled_is_closed",
            ),
        ),
    ]
