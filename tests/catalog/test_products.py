"""Products that staff enter must fit the schema of their type."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Product

VALID = {"code": "T", "name": "Test", "base_price_minor": 100, "applies_to": "segment"}


def make_product(type: str, attributes: object) -> Product:
    return Product(type=type, attributes=attributes, **VALID)


@pytest.mark.parametrize(
    ("type", "attributes"),
    [
        ("bag", {"max_weight_kg": 23}),
        ("lounge", {"slots_per_flight": 40}),
        ("meal", {}),
        ("flight", {"cabin": "first"}),
    ],
)
def test_attributes_of_the_type_are_accepted(type: str, attributes: dict[str, object]) -> None:
    make_product(type, attributes).clean()


@pytest.mark.parametrize(
    ("type", "attributes", "fault"),
    [
        ("bag", {}, "A bag needs max_weight_kg."),
        ("bag", {"max_weight_kg": "23"}, "max_weight_kg must be a int."),
        ("bag", {"max_weight_kg": 23, "colour": "red"}, "A bag has no such attribute."),
        ("lounge", {"slots_per_flight": True}, "slots_per_flight must be a int."),
        ("lounge", {"slots_per_flight": 0}, "slots_per_flight must be from 1 to 1000000."),
        ("seat", {"features": ["choice", 1]}, "features must be of 1 to 80 printable characters."),
        ("meal", {"diet": "vegan\n"}, "diet must be of 1 to 80 printable characters."),
    ],
)
def test_other_attributes_are_refused_on_their_field(type: str, attributes: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_product(type, attributes).clean()

    assert refusal.value.message_dict == {"attributes": [fault]}


def test_attributes_that_are_no_object_are_refused() -> None:
    with pytest.raises(ValidationError) as refusal:
        make_product("bag", ["max_weight_kg"]).clean()

    assert set(refusal.value.message_dict) == {"attributes"}


@pytest.mark.django_db
def test_an_unknown_type_is_refused_on_its_own_field() -> None:
    with pytest.raises(ValidationError) as refusal:
        make_product("yacht", {}).full_clean()

    assert set(refusal.value.message_dict) == {"type"}
