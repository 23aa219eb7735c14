"""Issuing what was paid for: a boarding document per passenger and four legs, a voucher per other product."""

from typing import Any

import pytest

from altis.privacy.keyring import ring
from altis.shared.actors import Actor
from catalog.models import Flight
from orders.barcodes import decode
from orders.models import Document, Order
from orders.placing import Extra
from orders.services import fulfil as module
from orders.services.fulfil import fulfil_order, fulfil_paid, issue_documents
from orders.tasks import fulfil_one
from orders.vouchers import verify_voucher
from tests.conftest import Later
from tests.factories import make_product
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import nothing_happens, offer_for, pay_up, place

pytestmark = pytest.mark.django_db
BOARDING, VOUCHER = "boarding_document", "voucher"


def _payloads(order: Order, type: str) -> list[str]:
    return [document.payload for document in Document.objects.filter(order=order, type=type).order_by("position")]


def test_every_passenger_gets_a_document_of_their_own(flight: Flight, owner_actor: Actor) -> None:
    seat = Extra(make_product("seat").pk, passenger=0, segment=0, seat="12A")
    order = place(offer_for("adult", "child", "infant"), owner_actor, extras=[seat])

    order = fulfil_order(pay_up(order).pk)

    passes = [decode(payload) for payload in _payloads(order, BOARDING)]
    assert (order.status, len(passes)) == ("FULFILLED", 3)
    assert [boarding.legs[0].seat for boarding in passes] == ["012A", "", "INF"]
    assert {boarding.legs[0].reference for boarding in passes} == {order.reference}
    leg = passes[0].legs[0]
    assert (leg.origin, leg.destination, leg.carrier, leg.flight_number) == ("LHR", "JFK", "AL", "0100")
    assert leg.day_of_year == f"{market.soon():%j}"
    assert [boarding.details.passenger_description for boarding in passes if boarding.details] == ["0", "3", "4"]
    assert contradictions() == {}


def test_more_than_four_legs_make_a_second_document(owner_actor: Actor) -> None:
    market.make_bundles()
    ways = [("LHR", "CDG"), ("CDG", "DXB"), ("DXB", "SIN"), ("SIN", "AKL")]
    for number, way in enumerate(ways):
        market.fly(str(200 + number), way=way, day=market.soon(10 + 7 * number))
    order = place(offer_for(ways=ways), owner_actor)
    order.slices = [*order.slices, {"segments": order.slices[0]["segments"]}]
    order.save(update_fields=["slices"])

    fulfil_order(pay_up(order).pk)

    legs = [[leg.destination for leg in decode(payload).legs] for payload in _payloads(order, BOARDING)]
    assert legs == [["CDG", "DXB", "SIN", "AKL"], ["CDG"]]


def test_every_other_item_gets_a_voucher_that_verifies(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(bundle="premium"), owner_actor)

    fulfil_order(pay_up(order).pk)

    others = list(order.items.exclude(type="flight").order_by("position"))
    keys = tuple(ring("ALTIS_VOUCHER_KEYS").items())
    vouchers = [verify_voucher(payload, ring=keys) for payload in _payloads(order, VOUCHER)]
    assert [voucher.item_id for voucher in vouchers] == [item.pk for item in others]
    assert {voucher.order_reference for voucher in vouchers} == {order.reference}
    assert [voucher.product_code for voucher in vouchers] == [item.product.code for item in others]
    documents = Document.objects.filter(order=order).order_by("position")
    assert [document.position for document in documents] == list(range(1 + len(others)))
    assert [voucher.document_id for voucher in vouchers] == [document.pk for document in documents[1:]]


def test_an_order_is_fulfilled_once(flight: Flight, owner_actor: Actor) -> None:
    order = fulfil_order(pay_up(place(offer_for(), owner_actor)).pk)

    with nothing_happens():
        assert fulfil_order(order.pk).status == "FULFILLED"
        fulfil_one(order.pk)
        assert fulfil_paid() == 0


def test_an_unpaid_order_gets_no_documents(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor)

    with nothing_happens():
        assert fulfil_order(order.pk).status == "PROPOSED"


def test_a_failure_leaves_the_order_paid_and_the_job_tries_again_after_a_pause(
    flight: Flight, owner_actor: Actor, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = pay_up(place(offer_for(), owner_actor))

    def broken(**_: Any) -> list[str]:
        raise ValueError("no barcode today")

    with monkeypatch.context() as patch:
        patch.setattr(module, "boarding_payloads", broken)
        assert issue_documents(order.pk).status == "PAID"
        assert fulfil_paid() == 0
    with nothing_happens():
        assert fulfil_paid() == 0
        assert fulfil_order(order.pk).status == "PAID"
    later(31)
    assert fulfil_paid() == 1

    assert Order.objects.get(pk=order.pk).status == "FULFILLED"
    assert Document.objects.filter(order=order).count() == 1
    assert contradictions() == {}
