"""The list of flights begins with the next departure: found by index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the index; flights are written when a schedule is expanded, and seldom after."""

    dependencies = [("catalog", "0008_commands_on_flights")]
    operations = [
        migrations.AddIndex("flight", models.Index("departing_at", "id", name="flight_by_departure")),
    ]
