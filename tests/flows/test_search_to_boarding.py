"""The overview's sequence, over HTTP: search, accept, pay, boarding documents."""

from typing import Any

import pytest

from orders.barcodes import decode
from payments.models import Payment
from tests.clients import ApiClient
from tests.offers import market
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db(transaction=True)


def _search(client: ApiClient) -> dict[str, Any]:
    body = {
        "slices": [{"origin": "LHR", "destination": "JFK", "departure_date": market.soon().isoformat()}],
        "passengers": [{"type": "adult"}],
    }
    reply = client.post("/v1/offers/search", body)
    assert reply.status_code == 200, reply.content
    found: dict[str, Any] = reply.json()
    return found


def test_a_trip_is_bought(guest: ApiClient, owner: ApiClient, gateway: Simulator) -> None:
    market.make_bundles()
    market.fly()

    offers = _search(guest)["offers"]
    offer = next(offer for offer in offers if offer["bundle"] == "premium")
    order = owner.accept(offer)
    assert order.status_code == 201, order.content
    paid = owner.pay(order.json()["id"])

    assert (paid.status_code, paid.json()["status"]) == (200, "FULFILLED"), paid.content
    boarding = [d for d in paid.json()["documents"] if d["type"] == "boarding_document"]
    assert decode(boarding[0]["barcode"]["payload"]).name == "PASSENGER/TEST"
    assert Payment.objects.get().status == "SUCCEEDED"
