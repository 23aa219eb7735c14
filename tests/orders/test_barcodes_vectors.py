"""Published barcodes: every valid one is read field by field, every invalid one is refused."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from orders.barcodes import InvalidBarcode, decode, encode

VECTORS = json.loads((Path(__file__).parent / "data" / "bcbp_vectors.json").read_text("utf-8"))
VALID = {vector["id"]: vector for vector in VECTORS["valid"]}
INVALID = {vector["id"]: vector for vector in VECTORS["invalid"]}
LEG_NAMES = {"pnr": "reference", "from": "origin", "to": "destination", "flight": "flight_number"} | {
    "cabin": "compartment",
    "seq": "sequence",
}


def filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def expected_leg(leg: dict[str, str]) -> dict[str, str]:
    return filled({LEG_NAMES.get(name, name): value for name, value in leg.items()})


@pytest.mark.parametrize("vector", VALID.values(), ids=VALID)
def test_a_published_barcode_is_read_field_by_field(vector: dict[str, Any]) -> None:
    read = decode(vector["text"])

    assert read.name == vector["name"]
    assert read.indicator == vector["e"]
    assert [filled(asdict(leg)) for leg in read.legs] == [expected_leg(leg) for leg in vector["legs"]]


@pytest.mark.parametrize("vector", VALID.values(), ids=VALID)
def test_details_and_security_of_a_published_barcode_are_read(vector: dict[str, Any]) -> None:
    read = decode(vector["text"])

    details = filled(asdict(read.details)) if read.details else {}
    assert details == ({"version": str(vector["version"])} | vector["unique"] if "version" in vector else {})
    assert (asdict(read.security) if read.security else None) == vector.get("security")


@pytest.mark.parametrize("vector", VALID.values(), ids=VALID)
def test_writing_what_was_read_says_the_same(vector: dict[str, Any]) -> None:
    read = decode(vector["text"])

    again = encode(read)

    assert decode(again) == read
    # V7 pads its sections with blanks; ours end at their last filled field.
    assert again == vector["text"] or vector["id"] == "V7"


@pytest.mark.parametrize("vector", INVALID.values(), ids=INVALID)
def test_a_published_invalid_barcode_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(InvalidBarcode) as refusal:
        decode(vector["text"])

    assert refusal.value.code == "invalid_barcode"
