"""No operation takes a card number or a CVV, in whatever field, name, header or parameter it comes."""

from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import router
from django.test import Client

from altis.accounts.models import User
from altis.api.docs import document
from altis.shared.errors import Malformed
from bench.canaries.people import cards, disguised
from bench.canaries.tries import BODIES, LISTS, Try, tries_with
from orders.api.fields import PhoneField
from payments.api.notices import read_notice
from tests.clients import ApiClient, assert_problem

CARDS = cards(3)
TRIES = [each for number, card in enumerate(CARDS) for each in tries_with(card, disguised(card, number))]


def _rows() -> dict[str, int]:
    models = [model for model in apps.get_models() if router.db_for_read(model) == "default"]
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.fixture
def caller(owner: ApiClient) -> Client:
    """The owner, as a client that sends anything."""
    return owner._client


def _send(caller: Client, each: Try) -> Any:
    body = orjson.dumps(each.body) if each.body is not None else b""
    path = each.path
    if each.query:
        return caller.get(path, dict(each.query), headers=dict(each.headers))
    return caller.generic(each.method, path, body, content_type="application/json", headers=dict(each.headers))


def test_every_place_of_every_operation_refuses_and_keeps_nothing(caller: Client) -> None:
    before = _rows()

    replies = [(each, _send(caller, each)) for each in TRIES]

    wrong = [
        (each.path, each.body or each.query, reply.status_code, reply.content)
        for each, reply in replies
        if (reply.status_code, reply.json()["code"]) != (each.status, each.code)
        or any(card in reply.content.decode() + str(reply.headers) for card in CARDS)
    ]
    assert wrong == []
    assert _rows() == before


def test_the_tries_cover_every_operation_that_takes_a_body() -> None:
    document.cache_clear()
    paths = orjson.loads(document())["paths"]
    document.cache_clear()

    served = {path for path, methods in paths.items() if "requestBody" in methods.get("post", {})}

    tried = {path.replace(f"off_{'0' * 26}", "{offer_id}").replace(f"ord_{'0' * 26}", "{order_id}") for path in BODIES}
    assert served - {"/v1/webhooks/payments/{gateway}"} == tried
    assert set(LISTS) & {"/v1/orders", "/v1/flights", "/v1/products"}


def test_the_refusal_names_the_place_and_never_the_number(owner: ApiClient) -> None:
    body = {"passengers": [{"given_name": "4242 4242 4242 4242"}], "4242424242424242": 1, "contact": {"CVV": "1"}}

    reply = owner.post("/v1/offers/off_00000000000000000000000000/accept", body)

    problem = assert_problem(reply, 422, "card_number_refused")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/passengers/0/given_name", "", "/contact/CVV"]
    assert b"4242" not in reply.content


@pytest.mark.parametrize("number", ["+8613800138000", "+8613912345676", "+393331234567", "+4915112345678"])
def test_telephone_numbers_of_a_numbering_plan_are_taken(number: str) -> None:
    assert PhoneField().run_validation(number) == number


@pytest.mark.parametrize("card", cards(50))
def test_a_card_number_behind_a_plus_is_no_telephone_number(owner: ApiClient, card: str) -> None:
    body = {**BODIES[next(path for path in BODIES if path.endswith("accept"))]}
    body["contact"] = {"email": "ada@example.com", "phone": f"+{card}"}

    reply = owner.post("/v1/offers/off_00000000000000000000000000/accept", body)

    assert_problem(reply, 422, "card_number_refused")


@pytest.mark.django_db
def test_a_gateway_cannot_hand_us_a_card_number_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.api.notices.verify", lambda *given: None)
    data = {"payment_id": "pay_1", "amount": "1.00", "currency": "USD", "pan": CARDS[0], "decline_code": CARDS[0]}
    event = {"id": "evt_1", "type": "payment.failed", "data": data, "card": CARDS[0]}

    notice = read_notice("simulator", orjson.dumps(event), "")

    assert CARDS[0] not in repr(notice)
    with pytest.raises(Malformed):
        read_notice("simulator", orjson.dumps({**event, "id": CARDS[0]}), "")


def test_no_form_of_the_back_office_takes_one(db: None) -> None:
    staff = User.objects.create_superuser("staff@example.com", "correct horse battery")
    client = Client()
    client.force_login(staff)
    before = _rows()

    reply = client.post(
        "/admin/catalog/product/add/", {"name": "Lounge", "description": "paid with 4242 4242 4242 4242"}
    )

    assert (reply.status_code, b"4242" in reply.content) == (422, False)
    assert _rows() == before
