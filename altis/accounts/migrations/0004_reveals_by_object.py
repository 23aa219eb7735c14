"""Who has looked at an order or an account is found by its id."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the index; few rows are ever written."""

    dependencies = [("accounts", "0003_saved_filter")]
    operations = [migrations.AddIndex("reveal", models.Index("object_id", name="reveal_by_object"))]
