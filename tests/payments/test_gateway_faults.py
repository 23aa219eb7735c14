"""The gateway client against gateways that misbehave: never an exception, never a guess."""

import gzip
import json
import socket
import time
from collections.abc import Callable

import pytest

from altis.shared.money import Money
from payments.gateway import Charge, ChargeStatus, RefundResult, RefundStatus
from tests.payments.conftest import Connect
from tests.payments.simulators import RawServer

PRICE = Money.of("655.00", "USD")
INTENT = {"id": "int_1", "key": "pay_1", "amount": "655.00", "currency": "USD", "status": "succeeded"}


def http(status: int, body: bytes, *headers: str) -> bytes:
    """A whole HTTP answer."""
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def intent(**changes: object) -> bytes:
    """A good answer about int_1, with changes."""
    return http(200, json.dumps({**INTENT, **changes}).encode())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(500, json.dumps(INTENT).encode()), id="500 with a good body"),
        pytest.param(http(429, json.dumps(INTENT).encode()), id="429"),
        pytest.param(http(503, b"<html>"), id="503"),
        pytest.param(http(401, b'{"error": "invalid_api_key"}'), id="401"),
        pytest.param(http(404, b'{"error": "intent_not_found"}'), id="404"),
        pytest.param(http(200, b"<html>hello"), id="not JSON"),
        pytest.param(http(200, b""), id="empty"),
        pytest.param(http(200, b"[1]"), id="not an object"),
        pytest.param(http(200, b"[" * 60_000), id="deeply nested"),
        pytest.param(http(200, b"\xff\xfe{}"), id="not UTF-8"),
        pytest.param(http(200, gzip.compress(json.dumps(INTENT).encode()), "Content-Encoding: gzip"), id="compressed"),
        pytest.param(intent(padding="x" * 10_000_000), id="10 MB"),
        pytest.param(intent(id="int_2"), id="another intent"),
        pytest.param(intent(id=["int_1"]), id="id of another type"),
        pytest.param(intent(status="captured"), id="unknown status"),
        pytest.param(intent(amount="NaN"), id="no amount"),
        pytest.param(intent(amount="655.001"), id="too many decimals"),
        pytest.param(intent(amount=655), id="amount as number"),
        pytest.param(http(200, b'{"id"', "Content-Length: 99"), id="two lengths"),
        pytest.param(b"HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\n{", id="cut off"),
        pytest.param(b"\x00garbage\r\n\r\n", id="not HTTP"),
        pytest.param(b"", id="hangs up"),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_unknown(
    answer: bytes, serve: Callable[..., RawServer], connect: Connect
) -> None:
    gateway = connect(serve(answer).url)

    assert gateway.create(key="pay_1", amount=Money.of("1.00", "USD")) == Charge(ChargeStatus.UNKNOWN)
    for charge in (
        gateway.confirm(intent_id="int_1", token="tok_visa"),
        gateway.get(intent_id="int_1"),
        gateway.cancel(intent_id="int_1"),
    ):
        assert charge == Charge(ChargeStatus.UNKNOWN, "int_1")


def test_the_same_server_with_a_good_answer_is_believed(serve: Callable[..., RawServer], connect: Connect) -> None:
    gateway = connect(serve(intent(unheard_of=1)).url)

    assert gateway.get(intent_id="int_1") == Charge(ChargeStatus.SUCCEEDED, "int_1", PRICE)


@pytest.mark.parametrize(
    "answer",
    [http(500, b'{"error": "not_captured"}'), intent(amount="1.00"), intent(key="ref_2"), http(200, b"{}"), b""],
)
def test_a_refund_without_a_clear_answer_is_unknown(
    answer: bytes, serve: Callable[..., RawServer], connect: Connect
) -> None:
    gateway = connect(serve(answer).url)

    assert gateway.refund(key="pay_1", intent_id="int_1", amount=PRICE) == RefundResult(RefundStatus.UNKNOWN)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, serve: Callable[..., RawServer], connect: Connect) -> None:
    elsewhere = serve(intent())
    gateway = connect(serve(http(status, b"", f"Location: {elsewhere.url}/intents/int_1")).url)

    assert gateway.get(intent_id="int_1").status is ChargeStatus.UNKNOWN

    assert elsewhere.requests == []


def _trickle(first: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Send something every 50 ms, for much longer than the client waits."""

    def respond(connection: socket.socket) -> None:
        connection.sendall(first)
        for _ in range(100):
            connection.sendall(drop)
            time.sleep(0.05)

    return respond


@pytest.mark.parametrize(
    "respond",
    [
        pytest.param(lambda connection: connection.recv(1), id="silence"),
        pytest.param(_trickle(b"HTTP/1.1 200 X\r\n", b"A: b\r\n"), id="header by header"),
        pytest.param(_trickle(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), id="please wait"),
        pytest.param(_trickle(b"HTTP/1.1 200 X\r\nContent-Length: 999\r\n\r\n", b" "), id="byte by byte"),
    ],
)
def test_a_slow_gateway_is_unknown_at_the_deadline_of_the_whole_call(
    respond: Callable[[socket.socket], object], serve: Callable[..., RawServer], connect: Connect
) -> None:
    gateway = connect(serve(respond).url, 0.4)
    started = time.monotonic()

    charge = gateway.confirm(intent_id="int_1", token="tok_visa")

    assert charge == Charge(ChargeStatus.UNKNOWN, "int_1")
    assert 0.3 < time.monotonic() - started < 1.5


def test_nobody_listening_is_unknown(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    assert connect(f"http://127.0.0.1:{port}").create(key="pay_1", amount=PRICE) == Charge(ChargeStatus.UNKNOWN)


@pytest.mark.parametrize("url", ["", "gateway.example", "ftp://127.0.0.1", "http://no-such-host.invalid"])
def test_a_useless_address_is_unknown(url: str, connect: Connect) -> None:
    assert connect(url).create(key="pay_1", amount=PRICE) == Charge(ChargeStatus.UNKNOWN)
