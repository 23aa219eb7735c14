"""The bundles on sale, with their products priced."""

from collections.abc import Iterable

from catalog.pricing import extra_price
from catalog.selectors import BundleView, ProductView, bundles
from offers.bundles import Conditions, Extra, Package


def packages_on_sale(*, cabin: str, currency: str) -> list[Package]:
    """The bundles that can be sold in this cabin and currency, in the catalog's order. Two queries."""
    return packages_of(bundles(), cabin=cabin, currency=currency)


def packages_of(views: Iterable[BundleView], *, cabin: str, currency: str) -> list[Package]:
    """Those of these bundles that can be sold in this cabin and currency, in their order."""
    packages = [_package(bundle) for bundle in views if bundle.refund_penalty.currency == currency]
    return [package for package in packages if package.sellable(cabin=cabin, currency=currency)]


def _package(bundle: BundleView) -> Package:
    return Package(
        code=bundle.code,
        name=bundle.name,
        conditions=Conditions(
            refundable=bundle.refundable,
            refund_penalty_minor=bundle.refund_penalty.minor,
            changeable=bundle.changeable,
            change_penalty_minor=bundle.change_penalty.minor,
        ),
        extras=tuple(_extra(bundle, product, quantity) for product, quantity in bundle.items),
    )


def _extra(bundle: BundleView, product: ProductView, quantity: int) -> Extra:
    return Extra(
        product_id=product.id,
        type=product.type,
        name=product.name,
        applies_to=product.applies_to,
        quantity=quantity,
        price=extra_price(product.base_price, discount_percent=bundle.discount_percent, bundle_name=bundle.name),
        limited=product.capacity_controlled,
        cabin=product.attributes.get("cabin"),
        active=product.active,
    )
