"""The journal gets kinds of its own for closing, and for what was sold and comes back, once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table is only read through for its new index, which is empty at first."""

    dependencies = [("catalog", "0006_holds_are_kept")]

    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("CAPACITY", "Capacity"),
                    ("HOLD", "Hold"),
                    ("SELL", "Sell"),
                    ("RELEASE", "Release"),
                    ("CLOSE", "Close"),
                    ("REOPEN", "Reopen"),
                    ("RETURN", "Return"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                models.F("hold"), condition=models.Q(("kind", "RETURN")), name="journal_hold_returns_once"
            ),
        ),
    ]
