"""One structure for everything that can be sold, and the bundles that staff make of it."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from altis.shared.errors import Invalid
from altis.store.fields import CurrencyField, MoneyOf, PublicIdField
from catalog.attributes import ProductType, check_attributes


class AppliesTo(models.TextChoices):
    """How often a product is needed for a trip."""

    FLIGHT = "flight", "Flight: the transport itself"
    SEGMENT = "segment", "Segment: once per traveller and flight"
    JOURNEY = "journey", "Journey: once per traveller and slice"
    PASSENGER = "passenger", "Passenger: once per traveller and trip"


class Product(models.Model):
    """Anything on sale, of one of eight types. `attributes` follows the type's own schema."""

    id = PublicIdField(prefix="prd")
    type = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in ProductType])
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    base_price_minor = models.PositiveBigIntegerField(
        help_text="In minor units of the currency; 0 for flights, which have fares"
    )
    currency = CurrencyField()
    applies_to = models.CharField(max_length=10, choices=AppliesTo.choices)
    capacity_controlled = models.BooleanField(default=False, help_text="Sold from the inventory ledger")
    attributes = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)

    base_price = MoneyOf("base_price_minor")

    class Meta:
        ordering = ("type", "code")
        indexes = [models.Index("type", "code", name="product_by_type")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse attributes that do not fit the type's schema; raises ValidationError on the field."""
        if self.type not in set(ProductType):
            return  # the field itself says so
        try:
            check_attributes(self.type, self.attributes)
        except Invalid as error:
            raise ValidationError({"attributes": [fault.detail for fault in error.faults]}) from error


class Bundle(models.Model):
    """A named set of products sold with a flight at a discount, and the conditions that come with it."""

    code = models.SlugField(primary_key=True, max_length=32)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    discount_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Off the price of the products in the bundle, never off the fare",
    )
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    refundable = models.BooleanField(default=False)
    refund_penalty_minor = models.PositiveBigIntegerField(default=0)
    changeable = models.BooleanField(default=False)
    change_penalty_minor = models.PositiveBigIntegerField(default=0)
    currency = CurrencyField()

    refund_penalty = MoneyOf("refund_penalty_minor")
    change_penalty = MoneyOf("change_penalty_minor")

    class Meta:
        ordering = ("position", "code")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(discount_percent__gte=0, discount_percent__lte=100), name="bundle_discount_percent"
            )
        ]

    def __str__(self) -> str:
        return self.name


class BundleItem(models.Model):
    """A product in a bundle."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])

    class Meta:
        constraints = [models.UniqueConstraint("bundle", "product", name="bundle_product_once")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product}"
