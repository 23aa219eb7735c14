"""What staff find an order by: blind indexes of the contact's address and of family names, and when it was placed.

Orders from before have none until `manage.py index_people` has run: it writes them in batches, while serving.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

from altis.privacy.blind import BlindIndexField, NameIndexField


class Migration(migrations.Migration):
    """Adds columns with a default that the database knows, so that no row is written anew."""

    dependencies = [("orders", "0008_changes")]

    operations = [
        migrations.AddField(
            "order",
            "contact_index",
            BlindIndexField(default="", db_default="", source="contact_email", purpose="accounts.user.email"),
        ),
        migrations.AddField(
            "passenger",
            "name_index",
            NameIndexField(default="", db_default="", source="family_name", purpose="orders.passenger.family_name"),
        ),
        migrations.AddIndex(
            "order",
            models.Index(models.F("contact_index"), condition=~models.Q(contact_index=""), name="order_by_contact"),
        ),
        migrations.AddIndex(
            "order",
            django.contrib.postgres.indexes.BrinIndex(models.F("created_at"), autosummarize=True, name="order_by_time"),
        ),
        migrations.AddIndex(
            "passenger",
            models.Index(models.F("name_index"), condition=~models.Q(name_index=""), name="passenger_by_name"),
        ),
    ]
