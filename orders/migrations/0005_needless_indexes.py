"""Drops indexes that nothing reads: each was written with every order (docs/holds.md)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from altis.store.indexes import drop_pattern_indexes


class Migration(migrations.Migration):
    """Changes no column."""

    dependencies = [
        ("catalog", "0004_needless_indexes"),
        ("orders", "0004_rights"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="orders.order"
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="orders.order"
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="flight",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.flight",
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="inventory",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.inventory",
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="items", to="orders.order"
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="passenger",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="orders.passenger",
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="product",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AlterField(
            model_name="passenger",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="passengers",
                to="orders.order",
            ),
        ),
        drop_pattern_indexes(
            "orders_order", "orders_orderevent", "orders_passenger", "orders_orderitem", "orders_document"
        ),
    ]
