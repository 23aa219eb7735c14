"""What gateways post: the signature first, then the shape, then exact money."""

import json
import time
from typing import Any

import pytest

from altis.shared.errors import Malformed
from altis.shared.money import Money
from payments.api.notices import simulator_notice
from payments.services.webhook import Notice
from payments.signatures import InvalidSignature, sign

SECRET = "notice-secret"
GOOD = {"payment_id": "pay_1", "amount": "655.00", "currency": "USD"}


@pytest.fixture(autouse=True)
def _secrets(settings: Any) -> None:
    settings.ALTIS_WEBHOOK_SECRETS = [SECRET, "an-older-one"]


def read(body: bytes, secret: str = SECRET) -> Notice:
    return simulator_notice(body, sign(body, secret, int(time.time())))


def body(changes: dict[str, Any] | None = None, **data: Any) -> bytes:
    event = {"id": "evt_1", "type": "payment.captured", "data": {**GOOD, **data}}
    return json.dumps({**event, **(changes or {})}).encode()


def test_an_event_is_read_as_it_was_agreed() -> None:
    notice = read(body({"type": "payment.failed"}, retryable=True, decline_code="card_declined"))

    assert notice == Notice("evt_1", "payment.failed", "pay_1", Money(65_500, "USD"), True, "card_declined")


def test_an_older_secret_still_counts_while_it_is_listed() -> None:
    assert read(body(), "an-older-one").event_id == "evt_1"
    with pytest.raises(InvalidSignature):
        read(body(), "a-retired-one")


def test_the_signature_is_judged_before_the_body() -> None:
    with pytest.raises(InvalidSignature):
        simulator_notice(b"\x00 no JSON", "t=1,v1=00")


@pytest.mark.parametrize("name", ["evt_1", "evt_" + "9f" * 12, "evt-1.2:3", "a" * 64])
def test_a_gateway_names_its_events_as_it_likes(name: str) -> None:
    assert read(body({"id": name})).event_id == name


@pytest.mark.parametrize("unknown", [{"extra": 1}, {"data": {**GOOD, "new_field": {"deep": [1]}}}])
def test_fields_of_tomorrow_are_skipped(unknown: dict[str, Any]) -> None:
    assert read(body(unknown)).payment_id == "pay_1"


@pytest.mark.parametrize("word", [False, "true", 1, None, {}])
def test_only_true_is_retryable(word: object) -> None:
    assert read(body(retryable=word)).retryable is False


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"[" * 50_000, id="deep"),
        pytest.param(b'{"id": "evt_1", "id": "evt_2"}', id="a name twice"),
        pytest.param(b'{"id": "evt_1", "type": "payment.captured", "data": NaN}', id="NaN"),
        pytest.param(b"{}", id="nothing in it"),
        pytest.param(body({"id": 1}), id="id of another type"),
        pytest.param(body({"id": ""}), id="empty id"),
        pytest.param(body({"id": "e" * 65}), id="long id"),
        pytest.param(body({"id": "evt 1"}), id="blank in the id"),
        pytest.param(body({"id": "evt_\u0000"}), id="NUL in the id"),
        pytest.param(body({"type": ["payment.captured"]}), id="type of another type"),
        pytest.param(body({"data": None}), id="no data"),
        pytest.param(body({"data": "x"}), id="data of another type"),
        pytest.param(body({"data": [1]}), id="data a list"),
        pytest.param(body(payment_id=None), id="no payment"),
        pytest.param(body(payment_id={"a": 1}), id="payment of another type"),
        pytest.param(body(amount=655), id="amount a number"),
        pytest.param(body(amount="655.001"), id="a tenth of a cent"),
        pytest.param(body(amount="-655.00"), id="negative"),
        pytest.param(body(amount="1e3"), id="exponent"),
        pytest.param(body(amount="NaN"), id="not a number"),
        pytest.param(body(amount="٦٥٥"), id="other digits"),
        pytest.param(body(amount="9" * 13), id="too much money"),
        pytest.param(body(currency="usd"), id="small letters"),
        pytest.param(body(currency=""), id="no currency"),
        pytest.param(body(currency=840), id="currency a number"),
    ],
)
def test_a_body_of_another_shape_is_malformed_and_nothing_else(garbage: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read(garbage)

    assert refused.value.code == "malformed_request"
