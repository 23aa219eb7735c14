"""What an import refuses, in words, row by row: a file may be anything, and is never a crash."""

import io
import zipfile

import pytest
from django.test import Client

from catalog.admin import tables
from catalog.models import Product
from tests.backoffice.exchanging import BAG, CSV, HEAD, XLSX, address, confirm, upload, workbook
from tests.factories import make_bundle, make_product, make_schedule

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (BAG.replace("35.00", "much"), "is no amount"),
        (BAG.replace("35.00", "35.001"), "has more decimals than USD"),
        (BAG.replace("35.00", "NaN"), "is no amount"),
        (BAG.replace("35.00", "1e40"), "is out of range"),
        (BAG.replace("BAG-9,bag", "BAG-9,boat"), "not a valid choice"),
        (BAG.replace("max_weight_kg", "weight"), "A bag needs max_weight_kg."),
        (BAG.replace("journey,0", "journey,1"), "What is limited is counted per flight"),
        (BAG.replace('"{""max_weight_kg"": 9}"', "{"), "The attributes are no JSON"),
        (BAG.replace('"{""max_weight_kg"": 9}"', "[" * 5000), "The attributes are no JSON"),
        (BAG.replace(": 9}", ": NaN}"), "The attributes are no JSON"),
        (BAG.replace(": 9}", ": 0}"), "max_weight_kg must be from 1 to 1000000."),
        (BAG.replace(": 9}", r': 9, ""x"": ""\u0000""}'), "The attributes have a character that no text has"),
        (BAG.replace(",bag", ",flight").replace('max_weight_kg"": 9', 'cabin"": ""roof""'), "The cabin is one of"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_can_be_confirmed(administrator: Client, row: str, words: str) -> None:
    reply = upload(administrator, f"{HEAD}\n{BAG.replace('BAG-9', 'BAG-1')}\n{row}\n")

    assert reply.status_code == 200
    assert words in reply.text.replace("&#x27;", "'")
    assert "confirm_form" not in reply.context
    assert not Product.objects.exists()


BAD = {
    "empty": b"",
    "no text": b"\xff\xfe\x00\x01",
    "a broken workbook": b"PK\x03\x04broken",
    "zeros": b"code\n\x00\x00",
    "other columns": b"nothing,of,this\n1,2,3\n",
    "too few columns": b"code,type\nBAG-9\n",
    "an open quote": b'code,type\n"unclosed',
    "too many rows": b"code\n" + b"X\n" * (tables.MOST_ROWS + 1),
    "too many bytes": b"x" * (tables.MOST_BYTES + 1),
    "too many columns": b"code" + b",x" * 60 + b"\nX" + b",1" * 60 + b"\n",
    "an amount in no currency": b"code,currency\nBAG-9,JPY\n",
}


@pytest.mark.parametrize("format", [CSV, XLSX])
@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_and_never_a_crash(administrator: Client, raw: bytes, format: str) -> None:
    reply = upload(administrator, raw, format=format)

    assert reply.status_code == 200
    assert "confirm_form" not in reply.context
    assert not Product.objects.exists()


def test_a_small_workbook_that_claims_a_million_rows_is_refused_at_once(administrator: Client) -> None:
    raw = workbook(("code", "name"), ("X", "x"), at=1_048_576)

    reply = upload(administrator, raw, format=XLSX)

    assert len(raw) < 10_000
    assert "it has more than 2000 rows" in reply.text
    assert "confirm_form" not in reply.context


def test_a_workbook_that_defines_entities_is_refused(administrator: Client) -> None:
    good, evil = workbook(("code", "name"), ("X", "x")), io.BytesIO()
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(io.BytesIO(good)) as parts, zipfile.ZipFile(evil, "w") as doctored:
        for part in parts.namelist():
            doctored.writestr(part, parts.read(part).replace(b"<worksheet", bomb + b"<worksheet", 1))

    reply = upload(administrator, evil.getvalue(), format=XLSX)

    assert "This is no such table" in reply.text
    assert "confirm_form" not in reply.context


@pytest.mark.parametrize("format", [CSV, XLSX])
def test_a_card_number_in_a_file_is_refused(administrator: Client, format: str) -> None:
    rows = (("code", "name"), ("X", "4111 1111 1111 1111"))
    raw = workbook(*rows) if format == XLSX else "\n".join(",".join(row) for row in rows)

    reply = upload(administrator, raw, format=format)

    assert "A cell looks like a card number." in reply.text
    assert "4111" not in reply.text


def test_a_confirmation_without_a_reason_imports_nothing(administrator: Client) -> None:
    reply = confirm(administrator, upload(administrator, f"{HEAD}\n{BAG}\n"), reason="")

    assert (reply.status_code, reply["Location"]) == (302, address("product", "import"))
    assert "Say why" in administrator.get(reply["Location"]).text
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"format": "99"},
        {"format": "x"},
        {"resource": "7"},
        {"resource": "-1"},
        {"import_file_name": "nothing"},
        {"import_file_name": "../../etc/passwd"},
    ],
)
def test_a_confirmation_that_was_tampered_with_leads_back(administrator: Client, form: dict[str, str]) -> None:
    good = {"import_file_name": "gone", "original_file_name": "x.csv", "format": CSV, "resource": "0"}
    good |= {"reason": "correction"}

    reply = administrator.post(address("product", "process_import"), {**good, **form} if form else {})

    assert (reply.status_code, reply["Location"]) == (302, address("product", "import"))
    assert not Product.objects.exists()


def test_an_export_with_a_filter_that_means_nothing_is_never_a_crash(administrator: Client) -> None:
    reply = administrator.get(f"{address('product', 'export')}?nothing=1")

    assert (reply.status_code, reply["Location"]) == (302, address("product", "export"))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("products|NONE:2", "There is no product NONE"),
        ("products|BAG:0", "the quantity is a number from 1 to 99"),
        ("products|BAG BAG:2", "A product stands there twice"),
        ("refundable,refund_penalty|0,75.00", "The bundle is not refundable"),
        ("active|0", "This is the last bundle on sale"),
        ("currency,refund_penalty,change_penalty|EUR,0,0", "BAG: It is priced in USD, the bundle in EUR."),
        ("discount_percent|NaN", "discount_percent"),
        ("position|99999999999", "position"),
    ],
)
def test_a_bundle_that_could_not_be_sold_is_refused(administrator: Client, columns: str, words: str) -> None:
    make_bundle("comfort", items={make_product("bag", code="BAG"): 1})
    names, values = columns.split("|")

    reply = upload(administrator, f"code,{names}\ncomfort,{values}\n", model="bundle")

    assert words in reply.text
    assert "confirm_form" not in reply.context


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("weekdays|1128", "Digits from 1, Monday, to 7, Sunday"),
        ("destination|LHR", "A flight ends elsewhere than it begins."),
        ("destination|XXX", "does not exist"),
        ("block_minutes|0", "From 1 to 1440 minutes."),
        ("valid_to|2019-01-01", "The last day comes before the first."),
        ("departs_at|25:99", "departs_at"),
    ],
)
def test_a_timetable_that_no_flight_can_be_made_of_is_refused(administrator: Client, columns: str, words: str) -> None:
    make_schedule(flight_number="100")
    name, value = columns.split("|")

    reply = upload(administrator, f"carrier,flight_number,{name}\nAL,100,{value}\n", model="schedule")

    assert words in reply.text
    assert "confirm_form" not in reply.context
