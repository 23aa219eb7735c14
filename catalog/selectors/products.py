"""What can be sold with a flight: products and bundles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Prefetch

from altis.shared.money import Money
from altis.store.reading import find
from catalog.attributes import ProductType
from catalog.models import Bundle, BundleItem, Product

_START: Final = ("", "")
_ON_SALE: Final = "WHERE active AND (type, code) > ($1, $2) ORDER BY type, code LIMIT $3"
_ON_SALE_OF: Final = "WHERE active AND (type, code) > ($1, $2) AND type = $4 ORDER BY type, code LIMIT $3"


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as it stands on sale; `attributes` follows the schema of its type."""

    id: str
    type: str
    code: str
    name: str
    description: str
    base_price: Money
    applies_to: str
    capacity_controlled: bool
    attributes: Mapping[str, Any]
    active: bool


@dataclass(frozen=True, slots=True)
class BundleView:
    """A bundle: its products with their quantity per traveller, its discount on them, and its conditions."""

    code: str
    name: str
    description: str
    discount_percent: Decimal
    refundable: bool
    refund_penalty: Money
    changeable: bool
    change_penalty: Money
    items: tuple[tuple[ProductView, int], ...]


def products_on_sale(*, type: str | None = None, behind: Sequence[str] | None = None, most: int) -> list[Product]:
    """So many products on sale, by type and code: of one type, and behind a type and code, when given. One query.

    As rows of a prepared statement: Django's compiler would take longer than the request.
    """
    place = (*(behind or _START), most)
    return (find(Product, _ON_SALE_OF, *place, type) if type else find(Product, _ON_SALE, *place)).all()


def products(type: str | None = None) -> list[ProductView]:
    """The products on sale, by type and code; of one type when it is given. One query."""
    on_sale = Product.objects.filter(active=True) if type is None else Product.objects.filter(active=True, type=type)
    return [_product(row) for row in on_sale.order_by("type", "code")]


def product_map() -> dict[str, ProductView]:
    """Every product by its id, those no longer on sale included. One query."""
    return {row.id: _product(row) for row in Product.objects.all()}


def flight_products() -> dict[str, ProductView]:
    """The products of type flight on sale, by the cabin that they carry a traveller in. One query."""
    return {view.attributes["cabin"]: view for view in products(ProductType.FLIGHT)}


def bundles() -> tuple[BundleView, ...]:
    """The bundles on sale in their order, with all their products (look at `active`). Two queries."""
    rows = Bundle.objects.filter(active=True).prefetch_related(_with_items())
    return tuple(bundle_view(row) for row in rows.order_by("position", "code"))


def bundle(code: str) -> BundleView | None:
    """One bundle, on sale or not. Two queries."""
    row = bundle_row(code)
    return bundle_view(row) if row else None


def bundle_row(code: str) -> Bundle | None:
    """One bundle with its products as a row, for who needs more of it than a customer sees. Two queries."""
    return Bundle.objects.filter(code=code).prefetch_related(_with_items()).first()


def _with_items() -> "Prefetch[str]":
    return Prefetch("items", BundleItem.objects.select_related("product").order_by("product__type", "product__code"))


def bundle_view(row: Bundle) -> BundleView:
    """The bundle as it is sold; no query for a row of `bundle_row`."""
    return BundleView(
        code=row.code,
        name=row.name,
        description=row.description,
        discount_percent=row.discount_percent,
        refundable=row.refundable,
        refund_penalty=row.refund_penalty,
        changeable=row.changeable,
        change_penalty=row.change_penalty,
        items=tuple((_product(item.product), item.quantity) for item in row.items.all()),
    )


def _product(row: Product) -> ProductView:
    return ProductView(
        id=row.id,
        type=row.type,
        code=row.code,
        name=row.name,
        description=row.description,
        base_price=row.base_price,
        applies_to=row.applies_to,
        capacity_controlled=row.capacity_controlled,
        attributes=row.attributes,
        active=row.active,
    )
