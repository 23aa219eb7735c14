"""The catalog as CSV and XLSX: a dry run that writes nothing, then all rows or none, and back again unchanged."""

import pytest
from django.test import Client

from altis.audit.models import Change
from catalog.models import Bundle, Fare, Product, Schedule
from tests.backoffice.conftest import Staff
from tests.backoffice.exchanging import BAG, CSV, HEAD, XLSX, address, cells, confirm, export, upload, workbook
from tests.factories import make_bundle, make_product, make_schedule

pytestmark = pytest.mark.django_db


def test_a_dry_run_writes_nothing_and_its_confirmation_everything(administrator: Client) -> None:
    dry = upload(administrator, f"{HEAD}\n{BAG}\n")
    before = Product.objects.count()

    done = confirm(administrator, dry, reason="new_product")

    product = Product.objects.get()
    assert (before, done.status_code) == (0, 302)
    assert (product.code, product.base_price_minor, product.attributes) == ("BAG-9", 3500, {"max_weight_kg": 9})
    change = Change.objects.get(relation="catalog_product")
    assert (change.act, change.page, change.reason) == ("added", address("product", "process_import"), "new_product")


def test_empty_rows_and_columns_of_a_workbook_are_passed_over(administrator: Client) -> None:
    make_bundle("comfort")
    raw = workbook(("code", "name", ""), ("", "", ""), ("comfort", "More comfort", ""), ("", "", ""))

    confirm(administrator, upload(administrator, raw, model="bundle", format=XLSX), model="bundle")

    assert Bundle.objects.get().name == "More comfort"


def test_a_row_that_has_become_wrong_since_the_dry_run_leaves_nothing(administrator: Client) -> None:
    second = BAG.replace("BAG-9", "BAG-8")
    dry = upload(administrator, f"{HEAD}\n{BAG}\n{second}\n")
    make_bundle("comfort", items={make_product("bag", code="BAG-8", currency="EUR"): 1}, currency="EUR")

    reply = confirm(administrator, dry)

    assert "Nothing was imported" in administrator.get(reply["Location"]).text
    assert not Product.objects.filter(code="BAG-9").exists()


@pytest.mark.parametrize("format", [CSV, XLSX])
def test_what_was_exported_is_imported_without_a_change(administrator: Client, format: str) -> None:
    bag = make_product("bag", code="BAG")
    make_bundle("comfort", items={bag: 2}, refundable=True, refund_penalty_minor=7500)
    make_schedule(flight_number="100")
    before, changes = list(Bundle.objects.values()), Change.objects.count()

    for model, resource in (("product", "0"), ("bundle", "0"), ("schedule", "0"), ("schedule", "1")):
        raw = export(administrator, model, format, resource)
        done = confirm(
            administrator, upload(administrator, raw, model=model, format=format, resource=resource), model=model
        )
        assert done.status_code == 302, model

    assert list(Bundle.objects.values()) == before
    assert Change.objects.count() == changes


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_exported_cell_is_a_formula(administrator: Client, start: str) -> None:
    evil = f"{start}cmd|' /C calc'!A0"
    product = make_product(code="X")
    Product.objects.filter(pk=product.pk).update(description=evil)

    text, sheet = export(administrator, "product").decode(), cells(export(administrator, "product", XLSX))

    assert f"'{evil}" in text.replace('""', '"')
    assert f"'{evil}" in [cell for row in sheet for cell in row]
    confirm(administrator, upload(administrator, text))
    assert Product.objects.get().description.strip() == evil.strip()


def test_what_no_workbook_can_hold_is_left_out_of_it(administrator: Client) -> None:
    product = make_product(code="X")
    Product.objects.filter(pk=product.pk).update(description="a\x0bb")

    assert "ab" in [cell for row in cells(export(administrator, "product", XLSX)) for cell in row]


def test_a_bundle_is_imported_with_its_products(administrator: Client) -> None:
    bag, seat = make_product("bag", code="BAG"), make_product("seat", code="SEAT")
    bundle = make_bundle("comfort", items={bag: 1})
    raw = "code,name,products\ncomfort,Comfort,BAG:2 SEAT:1\n"

    dry = upload(administrator, raw, model="bundle")
    before = list(bundle.items.values_list("product", "quantity"))
    confirm(administrator, dry, model="bundle")

    assert before == [(bag.pk, 1)]
    assert sorted(bundle.items.values_list("product", "quantity")) == sorted([(bag.pk, 2), (seat.pk, 1)])


def test_fares_are_imported_by_flight_number(staff: Staff) -> None:
    schedule: Schedule = make_schedule(flight_number="100")
    analyst = staff("Pricing analyst")

    dry = upload(analyst, "flight,cabin,base,currency\nAL 100,economy,250.00,USD\n", model="schedule")
    confirm(analyst, dry, model="schedule", reason="new_season")

    assert Fare.objects.get(schedule=schedule).base_minor == 25000
    assert Change.objects.get(relation="catalog_fare", act="changed").reason == "new_season"


@pytest.mark.parametrize(
    ("role", "imports", "exports"), [("Auditor", 403, 200), ("Product manager", 200, 200), ("", 403, 403)]
)
def test_who_writes_imports_and_who_sees_exports(staff: Staff, role: str, imports: int, exports: int) -> None:
    client = staff(role or "nobody")

    assert client.get(address("product", "import")).status_code == imports
    assert client.post(address("product", "process_import")).status_code == (403 if imports == 403 else 302)
    assert client.get(address("product", "export")).status_code == exports
