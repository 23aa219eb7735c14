"""Make a bundle consist of these products and no others."""

from collections.abc import Mapping

from django.db import transaction

from catalog.models import Bundle, BundleItem, Product


def set_bundle_items(*, bundle: Bundle, items: Mapping[Product, int]) -> None:
    """Write the products with their quantity per traveller; what stands already is left alone."""
    with transaction.atomic():
        bundle.items.exclude(product__in=items).delete()
        standing = {item.product_id: item for item in bundle.items.all()}
        for product, quantity in items.items():
            item = standing.get(product.pk) or BundleItem(bundle=bundle, product=product)
            if item._state.adding or item.quantity != quantity:
                item.quantity = quantity
                item.save()
