"""One form for all types of product: its fields follow the type, and money is typed as people write it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from altis.audit.models import Change
from catalog.admin.product_form import SHOWN_WHEN
from catalog.attributes import SCHEMAS
from catalog.models import Product
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page
from tests.factories import make_bundle, make_product

pytestmark = pytest.mark.django_db
_COUNTED = "What is limited is counted per flight: it applies to segments."
WHY = {"reason": "correction"}
# What each type is typed in with, and what is stored of it.
TYPED: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "flight": ({"attr_cabin": "business"}, {"cabin": "business"}),
    "seat": ({"attr_features": "choice, extra_legroom"}, {"features": ["choice", "extra_legroom"]}),
    "bag": ({"attr_max_weight_kg": "23", "attr_carry_on": "on"}, {"max_weight_kg": 23, "carry_on": True}),
    "meal": ({"attr_diet": "vegan"}, {"diet": "vegan"}),
    "lounge": ({"attr_slots_per_flight": "40"}, {"slots_per_flight": 40}),
    "carbon_offset": ({"attr_kilograms": "500"}, {"kilograms": 500}),
    "insurance": ({"attr_insurer": "Altis", "attr_covers": "delay"}, {"insurer": "Altis", "covers": ["delay"]}),
    "fast_track": ({"attr_checkpoint": "north"}, {"checkpoint": "north"}),
}


def _form(type: str, **more: str) -> dict[str, str]:
    applies_to = "flight" if type == "flight" else "segment"
    price = "0" if type == "flight" else "35.00"
    what = {"type": type, "code": f"X-{type}"[:16], "name": type, "applies_to": applies_to, "active": "on"}
    return {**what, "base_price": price, "currency": "USD", **TYPED[type][0], **more}


def _add(client: Client, form: dict[str, str]) -> Any:
    return client.post(page(Product, "add"), form)


@pytest.mark.parametrize("type", sorted(SCHEMAS))
def test_every_type_is_made_and_changed_in_the_one_form(administrator: Client, type: str) -> None:
    added = _add(administrator, _form(type))

    product = Product.objects.get()
    assert (added.status_code, product.attributes) == (302, TYPED[type][1])
    again = administrator.get(page(Product, "change", product.pk))
    shown = {name: again.context["adminform"].form[name].value() for name in TYPED[type][0]}
    assert (
        administrator.post(page(Product, "change", product.pk), {**_form(type), **_told(shown), **WHY}).status_code
        == 302
    )
    assert Product.objects.get().attributes == TYPED[type][1]


def _told(shown: dict[str, Any]) -> dict[str, str]:
    return {name: "on" if value is True else str(value) for name, value in shown.items()}


def test_a_field_is_seen_while_one_of_its_types_is_chosen(administrator: Client) -> None:
    text = administrator.get(page(Product, "add")).text

    assert {name.removeprefix("attr_") for name in SHOWN_WHEN} == {name for one in SCHEMAS.values() for name in one}
    assert 'x-show="type == &#x27;bag&#x27;"' in text
    assert 'x-show="type == &#x27;flight&#x27; || type == &#x27;seat&#x27;"' in text


def test_what_belongs_to_another_type_is_left_out(administrator: Client) -> None:
    _add(administrator, _form("bag", attr_diet="vegan", attr_kilograms="3"))

    assert Product.objects.get().attributes == TYPED["bag"][1]


@pytest.mark.parametrize(
    ("type", "typed", "field", "words"),
    [
        ("bag", {"attr_max_weight_kg": ""}, "attr_max_weight_kg", "A bag needs this."),
        (
            "bag",
            {"attr_max_weight_kg": "0"},
            "attr_max_weight_kg",
            "Ensure this value is greater than or equal to 1.",
        ),
        ("meal", {"attr_diet": "x" * 81}, "attr_diet", "diet must be of 1 to 80 printable characters."),
        ("bag", {"attr_max_weight_kg": "heavy"}, "attr_max_weight_kg", "Enter a whole number."),
        ("bag", {"base_price": "35.001"}, "base_price", "USD has 2 decimals."),
        ("bag", {"base_price": "35.5", "currency": "JPY"}, "base_price", "JPY has no decimals."),
        ("bag", {"base_price": "-1"}, "base_price", "Ensure this value is greater than or equal to 0."),
        ("bag", {"base_price": "much"}, "base_price", "Enter a number."),
        ("bag", {"currency": "usd"}, "currency", "Three capital letters by ISO 4217, such as USD."),
        ("bag", {"applies_to": "flight"}, "applies_to", "Only a flight applies to the flight itself."),
        (
            "bag",
            {"applies_to": "journey", "capacity_controlled": "on"},
            "capacity_controlled",
            _COUNTED,
        ),
        ("flight", {"base_price": "1.00"}, "base_price", "A flight costs its fare: its base price is 0."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    administrator: Client, type: str, typed: dict[str, str], field: str, words: str
) -> None:
    reply = _add(administrator, {**_form(type), **typed})

    assert reply.context["adminform"].form.errors == {field: [words]}
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("typed", "currency", "minor"), [("35.00", "USD", 3500), ("35", "JPY", 35), ("1.234", "KWD", 1234)]
)
def test_money_is_typed_in_major_units_and_kept_in_minor_ones(
    administrator: Client, typed: str, currency: str, minor: int
) -> None:
    _add(administrator, _form("bag", base_price=typed, currency=currency))

    product = Product.objects.get()
    assert product.base_price_minor == minor
    form = administrator.get(page(Product, "change", product.pk)).context["adminform"].form
    assert f"{form['base_price'].value():f}" == typed


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"active": ""}, "active"), ({"currency": "EUR"}, "currency"), ({"capacity_controlled": "on"}, None)],
)
def test_what_would_take_a_bundle_off_sale_is_refused(
    administrator: Client, typed: dict[str, str], field: str | None
) -> None:
    bag = make_product("bag", code="X-bag")
    make_bundle("comfort", items={bag: 1})
    form = {**_form("bag"), **WHY, "applies_to": "journey", **typed}
    sent = {name: value for name, value in form.items() if value}

    reply = administrator.post(page(Product, "change", bag.pk), sent)

    words = "Comfort Bundle has it, and could not be sold any more. Change that bundle first."
    errors = reply.context["adminform"].form.errors
    assert errors == ({field: [words]} if field else {"capacity_controlled": [_COUNTED]})
    assert Product.objects.get() == bag
    assert not Change.objects.filter(relation="catalog_product", act="changed").exists()


def test_a_bundle_that_is_off_sale_holds_no_product_back(administrator: Client) -> None:
    bag = make_product("bag", code="X-bag")
    make_bundle("comfort", items={bag: 1}, active=False)
    form = {name: value for name, value in {**_form("bag"), **WHY}.items() if name != "active"}

    assert administrator.post(page(Product, "change", bag.pk), form).status_code == 302

    assert Product.objects.get().active is False


def test_a_change_without_a_reason_is_refused(administrator: Client) -> None:
    bag = make_product("bag", code="X-bag", price="45.00")

    reply = administrator.post(page(Product, "change", bag.pk), _form("bag"))

    assert reply.context["adminform"].form.errors == {"reason": ["Say why: the audit keeps it with the change."]}
    assert Product.objects.get().base_price_minor == 4500


def test_whoever_sets_prices_leaves_the_rest_as_it_is(staff: Staff) -> None:
    bag = make_product("bag", attributes={"max_weight_kg": 32})
    client = staff("Pricing analyst")

    text = client.get(page(Product, "change", bag.pk)).text
    reply = client.post(
        page(Product, "change", bag.pk),
        {"base_price": "40", "currency": "USD", "reason": "new_price", "attr_max_weight_kg": "1", "type": "meal"},
    )

    after = Product.objects.get()
    assert (reply.status_code, after.base_price_minor) == (302, 4000)
    assert (after.type, after.attributes) == ("bag", {"max_weight_kg": 32})
    assert "max weight kg: 32" in text
    assert 'name="attr_' not in text
    assert Change.objects.get(act="changed", relation="catalog_product").reason == "new_price"


def test_who_only_looks_sees_attributes_and_price_in_words(staff: Staff) -> None:
    assert Group.objects.filter(name="Auditor").exists()
    bag = make_product("bag", price="35.00", attributes={"max_weight_kg": 32})

    text = staff("Auditor").get(page(Product, "change", bag.pk)).text

    assert "max weight kg: 32" in text
    assert "35.00 USD" in text
    assert 'name="reason"' not in text
