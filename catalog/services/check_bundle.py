"""Whether a bundle could be sold as it is put together, in words for who puts it together."""

from collections.abc import Iterable

from catalog.models import AppliesTo, Bundle, Product

MOST_OF_ONE = 99  # of a product for each traveller


def faults_of_product(product: Product, *, bundle: Bundle) -> dict[str, str]:
    """Why search would never offer this bundle with this product in it, by the product's column; nothing when it would.

    A bundle is sold whole or not at all: the same rules as in `offers.bundles.Package.sellable`.
    """
    faults = {}
    if product.applies_to == AppliesTo.FLIGHT:
        faults["applies_to"] = "A fare is no part of a bundle: it is sold with every bundle."
    elif product.capacity_controlled and product.applies_to != AppliesTo.SEGMENT:
        faults["capacity_controlled"] = "What is limited must apply to segments, to be counted per flight."
    if product.currency != bundle.currency:
        faults["currency"] = f"It is priced in {product.currency}, the bundle in {bundle.currency}."
    if bundle.active and not product.active:
        faults["active"] = "It is not on sale, so the bundle would not be either."
    return faults


def faults_of_bundle(bundle: Bundle) -> dict[str, str]:
    """What is wrong with a bundle itself, by column; an amount is named without its `_minor`."""
    faults = {}
    if bundle.refund_penalty_minor and not bundle.refundable:
        faults["refund_penalty"] = "The bundle is not refundable: leave this 0, or tick it."
    if bundle.change_penalty_minor and not bundle.changeable:
        faults["change_penalty"] = "The bundle is not changeable: leave this 0, or tick it."
    if not bundle.active and are_last_on_sale([bundle.pk]):
        faults["active"] = "This is the last bundle on sale: without it every search is empty."
    return faults


def faults_in_bundles(product: Product) -> dict[str, str]:
    """What about a product would take bundles that have it off sale, by the product's column."""
    bundles = Bundle.objects.filter(active=True, items__product=product.pk).order_by("position", "code")
    faults: dict[str, str] = {}
    for bundle in bundles:
        for column in faults_of_product(product, bundle=bundle):
            words = f"{bundle.name} has it, and could not be sold any more. Change that bundle first."
            faults.setdefault(column, words)
    return faults


def are_last_on_sale(codes: Iterable[str]) -> bool:
    """Whether some of these bundles are on sale, and no others are. One query."""
    on_sale = set(Bundle.objects.filter(active=True).values_list("pk", flat=True))
    return bool(on_sale) and on_sale <= set(codes)
