"""The line between gateway and API that spoils webhooks."""

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from altis.devstack.ports import free_port
from bench.torture.proxy import ProxyLoop
from bench.torture.webhooks import Mischief, WebhookLine
from payments.signatures import InvalidSignature, sign, verify
from tests.devstack.stacks import until

_SECRET, _AT = "test-secret", 1_700_000_000
_BODY = b'{"id": "evt_1", "data": {"amount": "120.00"}}'
Delivery = tuple[str, bytes]


@pytest.fixture
def receiver() -> Iterator[tuple[tuple[str, int], list[Delivery]]]:
    """An API that takes what is truly signed, and the list of what it took."""
    taken: list[Delivery] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the base class looks for this name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            header = self.headers.get("Altis-Signature", "")
            try:
                verify(header, body, [_SECRET], _AT)
            except InvalidSignature:
                self.send_response(400)
            else:
                taken.append((header, body))
                self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Not on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield ("127.0.0.1", server.server_port), taken
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def line(receiver: tuple[tuple[str, int], list[Delivery]]) -> Iterator[WebhookLine]:
    """Honest at first."""
    loop = ProxyLoop()
    yield WebhookLine(loop, free_port(), upstream=receiver[0], seed=1)
    loop.stop()


@pytest.fixture
def taken(receiver: tuple[tuple[str, int], list[Delivery]]) -> list[Delivery]:
    """What the API believed."""
    return receiver[1]


def _post(line: WebhookLine) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=5)
    headers = {"Content-Type": "application/json", "Altis-Signature": sign(_BODY, _SECRET, _AT)}
    try:
        connection.request("POST", "/v1/webhooks/payments/simulator", _BODY, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_honest_line_delivers_once_and_unchanged(line: WebhookLine, taken: list[Delivery]) -> None:
    assert _post(line) == 200

    assert taken == [(sign(_BODY, _SECRET, _AT), _BODY)]


def test_dropped_webhook_looks_taken_to_the_gateway(line: WebhookLine, taken: list[Delivery]) -> None:
    line.spoil(Mischief(drop=1))

    assert _post(line) == 200

    assert taken == []
    assert line.counts["dropped"] == 1


def test_repeated_webhook_arrives_several_times(line: WebhookLine, taken: list[Delivery]) -> None:
    line.spoil(Mischief(repeat=1))

    assert _post(line) == 200

    assert len(taken) == line.counts["repeated"] + 1 >= 2
    assert set(taken) == {(sign(_BODY, _SECRET, _AT), _BODY)}


def test_late_webhook_arrives_after_it_was_acknowledged(line: WebhookLine, taken: list[Delivery]) -> None:
    line.spoil(Mischief(late=1, late_seconds=0.2))

    assert _post(line) == 200

    assert line.counts["late"] == 1
    assert until(lambda: len(taken) == 1)


def test_forged_copies_are_refused_and_the_true_one_is_taken(line: WebhookLine, taken: list[Delivery]) -> None:
    line.spoil(Mischief(forge=1))

    assert _post(line) == 200

    assert taken == [(sign(_BODY, _SECRET, _AT), _BODY)]
    assert (line.counts["forged"], line.counts["forged_taken"]) == (3, 0)


def test_api_that_is_away_is_a_503_so_that_the_gateway_tries_again(line: WebhookLine, taken: list[Delivery]) -> None:
    line.upstream = ("127.0.0.1", free_port())

    assert _post(line) == 503

    assert taken == []
