"""What callers may word as they like is neither logged nor kept as they worded it."""

import hashlib
import logging
import re

import pytest
from django.test import Client

from altis.api.claim_rows import Slot
from tests.clients import ApiClient, assert_problem

NAME = "ZQAVIXU"


def test_a_method_that_http_does_not_have_is_called_other(owner: ApiClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    reply = owner._client.generic(NAME, "/v1/orders")

    assert_problem(reply, 405, "method_not_allowed")
    assert (NAME in caplog.text, "OTHER" in caplog.text) == (False, True)
    assert NAME not in Client().get("/metrics").content.decode()


@pytest.mark.parametrize("header", ["4242424242424242", "4242-4242-4242-4242"])
def test_a_card_number_as_request_id_is_refused_and_not_repeated(header: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    reply = Client().get("/v1/products", headers={"X-Request-ID": header})

    assert_problem(reply, 400, "malformed_request")
    assert "4242" not in reply.content.decode() + str(reply.headers) + caplog.text


def test_an_idempotency_key_is_kept_as_a_keyed_hash() -> None:
    slots = [
        Slot.of(principal="usr_1", method="POST", path="/v1/x", key=key, body=b"")
        for key in ("ada@example.com", "ADA@example.com", "ada@example.com")
    ]

    assert all(re.fullmatch("[0-9a-f]{64}", slot.key) for slot in slots)
    assert slots[0] == slots[2] != slots[1]
    assert slots[0].key != hashlib.sha256(b"ada@example.com").hexdigest()
