"""What the customer shows: boarding documents and vouchers."""

from django.db import models

from altis.privacy.fields import EncryptedTextField
from altis.store.fields import CreatedAtField, PublicIdField
from orders.models.order import Order
from orders.models.parts import OrderItem, Passenger


class DocumentType(models.TextChoices):
    """What a document is good for."""

    BOARDING = "boarding_document", "Boarding document"
    VOUCHER = "voucher", "Voucher"


class Document(models.Model):
    """A barcode that was issued: an IATA BCBP string for a passenger, or a signed voucher for another product."""

    id = PublicIdField(prefix="doc")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="documents")
    position = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=20, choices=DocumentType.choices)
    passenger = models.ForeignKey(Passenger, on_delete=models.PROTECT, null=True, related_name="documents")
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, null=True, related_name="documents")
    # A boarding payload carries the traveller's name, so it is sealed under their key; a voucher under the first's.
    subject = models.CharField(max_length=32, db_collation="C")
    payload = EncryptedTextField(subject="subject")
    created_at = CreatedAtField()
    voided_at = models.DateTimeField(null=True, editable=False, help_text="Since when it is good for nothing")

    class Meta:
        ordering = ("order", "position")
        constraints = [models.UniqueConstraint("order", "position", name="document_position_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.position + 1}"
