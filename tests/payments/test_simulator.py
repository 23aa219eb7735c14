"""The simulator gateway's rules: tokens, captured once, the fence, refunds. A real process each time."""

import os
import random
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from tests.payments.simulators import API_KEY, ROOT, Simulator, wait_until

ROUNDS = 100
CALLERS = 20


@pytest.mark.parametrize(
    ("token", "status", "decline_code", "retryable"),
    [
        ("tok_visa", "succeeded", None, False),
        ("tok_declined", "declined", "card_declined", True),
        ("tok_insufficient_funds", "declined", "insufficient_funds", True),
        ("tok_stolen_card", "declined", "stolen_card", False),
        ("tok_pending", "pending", None, False),
        ("tok_nobody_issued", "declined", "invalid_token", True),
        ("", "declined", "invalid_token", True),
    ],
)
def test_each_token_has_its_outcome(
    simulator: Simulator, token: str, status: str, decline_code: str | None, retryable: bool
) -> None:
    intent_id = simulator.intent("pay_1", "655.00")

    code, answer = simulator.confirm(intent_id, token)

    assert code == 200
    assert answer == {
        "id": intent_id,
        "key": "pay_1",
        "amount": "655.00",
        "currency": "USD",
        "status": status,
        "decline_code": decline_code,
        "retryable": retryable,
    }
    assert simulator.captured() == (["pay_1"] if token == "tok_visa" else [])


def test_a_pending_charge_is_captured_later(simulator: Simulator) -> None:
    intent_id = simulator.intent()

    simulator.confirm(intent_id, "tok_pending")

    assert simulator.captured() == []
    wait_until(simulator.captured)
    assert simulator.call(f"/intents/{intent_id}")[1]["status"] == "succeeded"


def test_a_fenced_pending_charge_is_never_captured(simulator: Simulator) -> None:
    fenced, control = simulator.intent("pay_fenced"), simulator.intent("pay_control")
    simulator.confirm(fenced, "tok_pending")

    assert simulator.cancel(fenced)[1]["status"] == "cancelled"

    simulator.confirm(control, "tok_pending")  # due later than the fenced one: once it is there, that one is overdue
    wait_until(simulator.captured)
    assert simulator.captured() == ["pay_control"]


def test_the_error_token_charges_nothing_and_leaves_the_intent_open(simulator: Simulator) -> None:
    intent_id = simulator.intent()

    assert simulator.confirm(intent_id, "tok_error") == (500, {"error": "internal_error"})

    assert simulator.call(f"/intents/{intent_id}")[1]["status"] == "created"
    assert simulator.captured() == []


def test_twenty_callers_make_one_intent_and_one_capture(simulator: Simulator) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        ids = set(pool.map(lambda _: simulator.intent("pay_twin"), range(CALLERS)))
        (intent_id,) = ids
        answers = list(pool.map(lambda _: simulator.confirm(intent_id, "tok_visa"), range(CALLERS)))

    assert {(code, answer["status"]) for code, answer in answers} == {(200, "succeeded")}
    assert simulator.captured() == ["pay_twin"]


def test_a_key_is_bound_to_its_amount(simulator: Simulator) -> None:
    intent_id = simulator.intent("pay_1", "10.00")

    code, answer = simulator.call("/intents", {"key": "pay_1", "amount": "10.01", "currency": "USD"})

    assert (code, answer["error"]) == (409, "key_reused")
    assert simulator.call(f"/intents/{intent_id}")[1]["amount"] == "10.00"


def test_the_first_outcome_of_a_confirmation_stands(simulator: Simulator) -> None:
    intent_id = simulator.intent()
    simulator.confirm(intent_id, "tok_stolen_card")

    code, answer = simulator.confirm(intent_id, "tok_visa")

    assert (code, answer["status"], answer["decline_code"]) == (200, "declined", "stolen_card")
    assert simulator.captured() == []


def test_the_fence_keeps_a_declined_charge_declined(simulator: Simulator) -> None:
    intent_id = simulator.intent()
    simulator.confirm(intent_id, "tok_stolen_card")

    code, answer = simulator.cancel(intent_id)

    assert (code, answer["status"], answer["retryable"]) == (200, "declined", False)


@pytest.mark.parametrize("token", ["tok_visa", "tok_pending"])
def test_a_fence_against_a_capture_has_one_winner(start_simulator: Callable[..., Simulator], token: str) -> None:
    simulator = start_simulator(ALTIS_SIMULATOR_PENDING_SECONDS="0.001")

    outcomes = {key: _race(simulator, key, token) for key in (f"pay_{number}" for number in range(ROUNDS))}

    captured = set(simulator.captured())
    for key, (fence, confirmation) in outcomes.items():
        assert fence == ("succeeded" if key in captured else "cancelled")
        assert key in captured or confirmation in {"intent_cancelled", "pending"}
    assert 0 < len(captured) < ROUNDS, "both orders must have been seen"


def _race(simulator: Simulator, key: str, token: str) -> tuple[str, str]:
    """Confirm and cancel a new intent at about the same time; what each one was told."""
    intent_id = simulator.intent(key)
    gate = threading.Barrier(2)

    def after_the_gate(call: Callable[[], tuple[int, dict[str, Any]]]) -> dict[str, Any]:
        gate.wait(timeout=10)
        time.sleep(random.uniform(0, 0.003))  # over the rounds either call comes first
        return call()[1]

    with ThreadPoolExecutor(2) as pair:
        confirmed = pair.submit(after_the_gate, lambda: simulator.confirm(intent_id, token))
        fenced = pair.submit(after_the_gate, lambda: simulator.cancel(intent_id))
    confirmation = confirmed.result()
    return fenced.result()["status"], confirmation.get("error", confirmation.get("status", ""))


def test_refunds_never_exceed_the_capture(simulator: Simulator) -> None:
    intent_id = simulator.intent("pay_1", "10.00")
    simulator.confirm(intent_id, "tok_visa")

    def refund(number: int) -> int:
        return simulator.call(f"/intents/{intent_id}/refunds", {"key": f"ref_{number}", "amount": "3.00"})[0]

    with ThreadPoolExecutor(CALLERS) as pool:
        codes = list(pool.map(refund, range(CALLERS)))

    assert (codes.count(200), codes.count(409)) == (3, CALLERS - 3)
    assert [row["amount"] for row in simulator.call("/ledger")[1]["refunds"]] == ["3.00"] * 3


def test_a_refund_key_pays_once(simulator: Simulator) -> None:
    intent_id = simulator.intent("pay_1", "10.00")
    simulator.confirm(intent_id, "tok_visa")
    path, body = f"/intents/{intent_id}/refunds", {"key": "ref_1", "amount": "4.00"}

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _: simulator.call(path, body), range(CALLERS)))

    assert {(code, answer["id"]) for code, answer in answers} == {(200, answers[0][1]["id"])}
    assert simulator.call(path, {**body, "amount": "5.00"}) == (409, {"error": "key_reused"})
    assert len(simulator.call("/ledger")[1]["refunds"]) == 1


def test_what_was_not_captured_cannot_be_refunded(simulator: Simulator) -> None:
    intent_id = simulator.intent()

    code, answer = simulator.call(f"/intents/{intent_id}/refunds", {"key": "ref_1", "amount": "1.00"})

    assert (code, answer["error"]) == (409, "not_captured")
    assert simulator.call("/ledger")[1]["refunds"] == []


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"key": "pay_1", "amount": 5, "currency": "USD"},
        {"key": "pay_1", "amount": "0.00", "currency": "USD"},
        {"key": "pay_1", "amount": "-1.00", "currency": "USD"},
        {"key": "pay_1", "amount": "1e3", "currency": "USD"},
        {"key": "pay_1", "amount": "NaN", "currency": "USD"},
        {"key": "pay_1", "amount": "5.00", "currency": "usd"},
        {"key": "", "amount": "5.00", "currency": "USD"},
    ],
)
def test_a_bad_body_makes_no_intent(simulator: Simulator, body: object) -> None:
    assert simulator.call("/intents", body) == (400, {"error": "malformed_request"})

    with closing(sqlite3.connect(simulator.ledger)) as db:
        assert db.execute("SELECT count(*) FROM intent").fetchone() == (0,)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST /intents HTTP/1.1\r\nContent-Length: 4\r\n\r\n{abc", b"400"),
        (b"POST /intents HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /intents HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /intents/int_1/close HTTP/1.1\r\nContent-Length: 0\r\n\r\n", b"401"),
    ],
)
def test_a_bad_request_is_answered_and_the_server_lives_on(
    simulator: Simulator, request_: bytes, status: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
        connection.sendall(request_)
        assert connection.recv(65536).startswith(b"HTTP/1.1 " + status)

    assert simulator.call("/healthz", key="") == (200, {"status": "ok"})


def test_strangers_and_unknown_things_are_refused(simulator: Simulator) -> None:
    assert simulator.call("/ledger", key="wrong") == (401, {"error": "invalid_api_key"})
    assert simulator.call("/intents/int_unknown") == (404, {"error": "intent_not_found"})
    assert simulator.call("/elsewhere") == (404, {"error": "not_found"})
    assert simulator.call("/intents/int_1/elsewhere", {}) == (404, {"error": "not_found"})
    assert simulator.confirm(simulator.intent(), None) == (400, {"error": "malformed_request"})
    assert simulator.call("/intents", {"key": "x" * 70_000}) == (413, {"error": "payload_too_large"})


def test_no_token_reaches_the_ledger(simulator: Simulator) -> None:
    simulator.confirm(simulator.intent(), "4242424242424242")
    simulator.stop()

    content = b"".join(path.read_bytes() for path in simulator.ledger.parent.iterdir())

    assert b"4242424242424242" not in content


@pytest.mark.parametrize("missing", ["ALTIS_SIMULATOR_API_KEY", "ALTIS_WEBHOOK_SECRETS"])
def test_a_missing_secret_is_named_at_the_start(missing: str) -> None:
    environ = {
        **os.environ,
        "ALTIS_SIMULATOR_API_KEY": API_KEY,
        "ALTIS_SIMULATOR_WEBHOOK_URL": "http://127.0.0.1:1/",
        "ALTIS_WEBHOOK_SECRETS": "secret",
        missing: "",
    }

    command = [sys.executable, "-m", "payments.simulator", "--port", "0", "--ledger", "never-made.sqlite3"]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=20, check=False)

    assert (ended.returncode, ended.stdout.strip()) == (2, f"payments.simulator {missing} is not set")
    assert not (ROOT / "never-made.sqlite3").exists()
