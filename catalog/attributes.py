"""The eight product types and the attributes that each may have. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from altis.shared.errors import Fault, Invalid


class ProductType(StrEnum):
    """What can be sold."""

    FLIGHT = "flight"
    SEAT = "seat"
    BAG = "bag"
    MEAL = "meal"
    LOUNGE = "lounge"
    CARBON_OFFSET = "carbon_offset"
    INSURANCE = "insurance"
    FAST_TRACK = "fast_track"

    @property
    def label(self) -> str:
        """For people: `Carbon offset`."""
        return self.value.replace("_", " ").capitalize()


class InvalidAttributes(Invalid):
    """The attributes do not fit the product's type."""

    code = "invalid_attributes"
    message = "The attributes do not fit the product's type."


MOST, LONGEST = 1_000_000, 80  # of a whole number, and of a text
# Per type: the attribute, its Python type, and whether it must be there.
SCHEMAS: Mapping[ProductType, Mapping[str, tuple[type, bool]]] = {
    ProductType.FLIGHT: {"cabin": (str, True)},
    ProductType.SEAT: {"cabin": (str, False), "features": (list, False)},
    ProductType.BAG: {"max_weight_kg": (int, True), "carry_on": (bool, False)},
    ProductType.MEAL: {"diet": (str, False)},
    ProductType.LOUNGE: {"slots_per_flight": (int, True)},
    ProductType.CARBON_OFFSET: {"kilograms": (int, True)},
    ProductType.INSURANCE: {"insurer": (str, True), "covers": (list, False)},
    ProductType.FAST_TRACK: {"checkpoint": (str, False)},
}


def check_attributes(type: str, attributes: Any) -> None:
    """Pass when the attributes fit the type's schema; raises InvalidAttributes with a fault for each that does not."""
    schema = SCHEMAS[ProductType(type)]
    if not isinstance(attributes, Mapping):
        raise InvalidAttributes.at("/attributes")
    faults = [
        Fault(f"/attributes/{name}", "unknown_attribute", f"A {type} has no such attribute.")
        for name in attributes
        if name not in schema
    ]
    for name, (kind, required) in schema.items():
        if name not in attributes:
            if required:
                faults.append(Fault(f"/attributes/{name}", "required", f"A {type} needs {name}."))
        elif fault := _misfit(name, attributes[name], kind):
            faults.append(Fault(f"/attributes/{name}", *fault))
    if faults:
        raise InvalidAttributes(faults=faults)


def _misfit(name: str, value: Any, kind: type[Any]) -> tuple[str, str] | None:
    """Code and words for a value that this attribute cannot have."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return "invalid_type", f"{name} must be a {kind.__name__}."
    if kind is int and not 1 <= value <= MOST:
        return "out_of_range", f"{name} must be from 1 to {MOST}."
    words = value if kind is list else [value] if kind is str else []
    if not all(isinstance(word, str) and word.isprintable() and 1 <= len(word) <= LONGEST for word in words):
        return "invalid_text", f"{name} must be of 1 to {LONGEST} printable characters."
    return None
