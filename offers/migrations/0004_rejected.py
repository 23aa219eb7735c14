"""Rejected offers are few among those accepted: staff who ask for them find them by index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Adds the index; accepting an offer does not write it."""

    dependencies = [("offers", "0003_documents_inline")]
    operations = [
        migrations.AddIndex(
            "offer", models.Index("decided_at", name="offer_rejected", condition=Q(status="CANCELLED"))
        ),
    ]
