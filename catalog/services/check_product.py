"""Whether a product could be sold by its rules, in words for who makes it."""

from catalog.attributes import ProductType
from catalog.models import AppliesTo, Cabin, Product
from catalog.services.check_bundle import faults_in_bundles


def faults_of_rules(product: Product) -> dict[str, str]:
    """What search could not sell, alone or in the bundles that have it, by the column that is wrong.

    The base price is named `base_price`. Nothing when all is well.
    """
    flight, faults = product.type == ProductType.FLIGHT, {}
    limited, applies_to = product.capacity_controlled, product.applies_to
    if flight and applies_to != AppliesTo.FLIGHT:
        faults["applies_to"] = "A flight applies to the flight itself."
    elif not flight and applies_to == AppliesTo.FLIGHT:
        faults["applies_to"] = "Only a flight applies to the flight itself."
    elif limited and not flight and applies_to != AppliesTo.SEGMENT:
        faults["capacity_controlled"] = "What is limited is counted per flight: it applies to segments."
    if product.attributes.get("cabin") not in (None, *Cabin.values):
        faults["attributes"] = f"The cabin is one of {', '.join(Cabin.values)}."
    if flight and product.base_price_minor:
        faults["base_price"] = "A flight costs its fare: its base price is 0."
    return {**faults_in_bundles(product), **faults}
