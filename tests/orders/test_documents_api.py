"""Documents over HTTP: listed, and drawn so that an independent reader reads the same string."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from altis.shared.actors import Actor
from catalog.models import Flight
from orders.models import Document, Order
from tests.clients import ApiClient
from tests.orders.contract import assert_as_served
from tests.orders.trips import offer_for, place

pytestmark = pytest.mark.django_db


def test_documents_are_listed_with_what_their_barcodes_say(premium: Order, owner: ApiClient) -> None:
    body = assert_as_served(owner.get(f"/v1/orders/{premium.pk}/documents"), "get", "/v1/orders/{order_id}/documents")

    types = [document["type"] for document in body["data"]]
    assert types == ["boarding_document", *["voucher"] * (len(types) - 1)]
    assert len(types) == premium.items.count()
    boarding = body["data"][0]
    assert boarding["passenger_id"] == premium.passengers.get().pk
    assert boarding["barcode"]["payload"].startswith("M1PASSENGER/TEST")
    assert [document["item_id"] for document in body["data"][1:]] == list(
        premium.items.exclude(type="flight").order_by("position").values_list("pk", flat=True)
    )


@pytest.mark.parametrize("symbology", ["aztec", "pdf417", "qr"])
@pytest.mark.parametrize("type", ["boarding_document", "voucher"])
def test_a_drawn_barcode_reads_as_its_payload(premium: Order, owner: ApiClient, symbology: str, type: str) -> None:
    document = Document.objects.filter(order=premium, type=type)[0]

    reply = owner.get(f"/v1/documents/{document.pk}/barcode.png?symbology={symbology}")

    assert (reply.status_code, reply["Content-Type"]) == (200, "image/png")
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(reply.content)))
    assert read.text == document.payload
    assert symbology in read.format.name.lower()


def test_an_svg_is_served_as_one_and_needs_nothing_from_elsewhere(premium: Order, owner: ApiClient) -> None:
    document = premium.documents.all()[0]

    reply = owner.get(f"/v1/documents/{document.pk}/barcode.svg")

    assert (reply.status_code, reply["Content-Type"]) == (200, "image/svg+xml")
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply.content.startswith(b"<svg xmlns")
    assert reply.content.count(b"http") == 1
    assert reply["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["symbology=code39", "size=9", "symbology="])
def test_another_symbology_is_refused(premium: Order, owner: ApiClient, query: str) -> None:
    document = premium.documents.all()[0]

    assert owner.get(f"/v1/documents/{document.pk}/barcode.png?{query}").status_code == 422


def test_an_order_without_documents_lists_none(flight: Flight, owner: ApiClient, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor)

    body: Any = owner.get(f"/v1/orders/{order.pk}/documents").json()

    assert body == {"data": [], "next": None}
