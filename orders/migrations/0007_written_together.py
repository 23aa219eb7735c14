"""What is written with its order is no longer checked against it row by row; instead, orders refuse to be deleted.

And each count of open holds has an index of its own, which the other cannot read as a whole.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from altis.store.guards import refuse

_OPEN = models.Q(status__in=["PROPOSED", "PAYMENT_PENDING"])


def _unchecked(model: str, name: str, to: str, related_name: str, *, null: bool = False) -> migrations.AlterField:
    key = models.ForeignKey(
        db_constraint=False,
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
    )
    return migrations.AlterField(model_name=model, name=name, field=key)


class Migration(migrations.Migration):
    """The triggers first: there is no moment without a guard."""

    dependencies = [
        ("catalog", "0006_holds_are_kept"),
        ("orders", "0006_room_for_updates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        refuse("DELETE", on="orders_order"),
        refuse("DELETE", on="orders_passenger"),
        refuse("DELETE", on="orders_orderitem"),
        _unchecked("orderevent", "order", "orders.order", "events"),
        _unchecked("passenger", "order", "orders.order", "passengers"),
        _unchecked("orderitem", "order", "orders.order", "items"),
        _unchecked("orderitem", "passenger", "orders.passenger", "items", null=True),
        _unchecked("orderitem", "flight", "catalog.flight", "+", null=True),
        _unchecked("orderitem", "inventory", "catalog.inventory", "+", null=True),
        migrations.RemoveIndex(model_name="order", name="order_open_by_client"),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(models.F("client"), condition=_OPEN & ~models.Q(client=""), name="order_open_by_client"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("owner_id"), condition=_OPEN & ~models.Q(owner_id=""), name="order_open_by_owner"
            ),
        ),
    ]
