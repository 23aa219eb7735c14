"""What an order consists of: the people who travel, and the items that were sold to them.

They are written with their order and refuse to be deleted, so no foreign key is checked that could not fail; what may
be deleted from the catalogue, a product, is guarded by one (docs/decisions/0015-children-without-foreign-keys.md).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from altis.privacy.blind import NameIndexField
from altis.privacy.fields import EncryptedTextField
from altis.shared.actors import Cause
from altis.shared.events import Event
from altis.store.fields import CurrencyField, MoneyOf, PublicIdField
from catalog.models import Flight, Inventory, Product
from orders.lifecycle import ITEM, ItemStatus
from orders.models.order import Order

NAME_PURPOSE = "orders.passenger.family_name"


class Passenger(models.Model):
    """Somebody who travels. Each is a data subject with a key of their own."""

    id = PublicIdField(prefix="pax")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="passengers"
    )
    position = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=8)
    given_name = EncryptedTextField(subject="id")
    family_name = EncryptedTextField(subject="id")
    name_index = NameIndexField(source="family_name", purpose=NAME_PURPOSE, default="", db_default="")
    born_on = EncryptedTextField(subject="id")

    class Meta:
        ordering = ("order", "position")
        constraints = [models.UniqueConstraint("order", "position", name="passenger_position_once")]
        indexes = [models.Index("name_index", name="passenger_by_name", condition=~Q(name_index=""))]

    def __str__(self) -> str:
        return f"{self.type} {self.position + 1}"


class OrderItem(models.Model):
    """One line of an order: a product, a quantity, a price that explains itself."""

    LIFECYCLE: ClassVar = ITEM

    id = PublicIdField(prefix="itm")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="items"
    )
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False, related_name="+")
    type = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ItemStatus], editable=False)
    version = models.PositiveIntegerField(default=1)
    quantity = models.PositiveSmallIntegerField()
    unit_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    currency = CurrencyField()
    price_explanation = models.JSONField(default=list)
    segment = models.PositiveSmallIntegerField(null=True, help_text="Index over all segments of the trip")
    flight = models.ForeignKey(
        Flight, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    cabin = models.CharField(max_length=16, blank=True)
    passenger_type = models.CharField(max_length=8, blank=True)
    passenger = models.ForeignKey(
        Passenger, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="items"
    )
    seat = models.CharField(max_length=4, blank=True)
    inventory = models.ForeignKey(
        Inventory, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    units = models.PositiveSmallIntegerField(default=0, help_text="Units of the inventory that it holds")
    offered = models.BooleanField(default=True, help_text="Part of the offer, not chosen on top of it at accept")

    unit = MoneyOf("unit_minor")
    total = MoneyOf("total_minor")

    class Meta:
        ordering = ("order", "position")
        constraints = [
            models.UniqueConstraint("order", "position", name="item_position_once"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in ItemStatus]), name="item_status_known"),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("unit_minor") * models.F("quantity")), name="item_total_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name}"

    def told(self, *, came_from: str | None, cause: Cause) -> tuple[models.Model | None, Event | None]:
        """Nothing here: items move with their order, whose event tells it."""
        return None, None
