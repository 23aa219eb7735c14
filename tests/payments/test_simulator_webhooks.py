"""The simulator's webhooks: told to the end, signed afresh, over restarts; and a quick, clean stop."""

import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from payments.signatures import verify
from tests.payments.simulators import SECRET, RawServer, Receiver, Simulator, wait_until

MAX_STOP_SECONDS = 1.0


def test_a_capture_is_told_with_exactly_the_promised_body(telling_simulator: Simulator, receiver: Receiver) -> None:
    telling_simulator.confirm(telling_simulator.intent("pay_1", "655.00"), "tok_visa")

    wait_until(receiver.events)

    (event,) = receiver.events()
    assert set(event) == {"id", "type", "created_at", "data"}
    assert event["id"].startswith("evt_")
    assert event["created_at"].endswith("Z")
    assert event["type"] == "payment.captured"
    assert event["data"] == {"payment_id": "pay_1", "amount": "655.00", "currency": "USD"}


def test_a_delivery_is_signed_with_the_newest_secret(telling_simulator: Simulator, receiver: Receiver) -> None:
    telling_simulator.confirm(telling_simulator.intent(), "tok_visa")

    wait_until(receiver.deliveries.copy)

    header, body = receiver.deliveries[0]
    verify(header, body, [SECRET], int(time.time()))


@pytest.mark.parametrize(
    ("token", "retryable"), [("tok_declined", True), ("tok_insufficient_funds", True), ("tok_stolen_card", None)]
)
def test_a_decline_says_whether_to_try_again(
    telling_simulator: Simulator, receiver: Receiver, token: str, retryable: bool | None
) -> None:
    telling_simulator.confirm(telling_simulator.intent(), token)

    wait_until(receiver.events)

    (event,) = receiver.events()
    assert (event["type"], event["data"].get("retryable")) == ("payment.failed", retryable)


def test_a_fence_is_told_once_as_a_retryable_failure(telling_simulator: Simulator, receiver: Receiver) -> None:
    intent_id = telling_simulator.intent()

    telling_simulator.cancel(intent_id)
    telling_simulator.cancel(intent_id)

    telling_simulator.confirm(telling_simulator.intent("pay_after"), "tok_visa")
    wait_until(lambda: len(receiver.deliveries) > 1)
    events = {event["data"]["payment_id"]: event for event in receiver.events()}
    assert len(receiver.deliveries) == len(events)
    assert (events["pay_1"]["type"], events["pay_1"]["data"]["retryable"]) == ("payment.failed", True)


def test_a_pending_capture_is_told(telling_simulator: Simulator, receiver: Receiver) -> None:
    telling_simulator.confirm(telling_simulator.intent(), "tok_pending")

    wait_until(receiver.events)

    assert [event["type"] for event in receiver.events()] == ["payment.captured"]


def test_a_withheld_answer_is_captured_at_once_and_told_late(telling_simulator: Simulator, receiver: Receiver) -> None:
    intent_id = telling_simulator.intent()
    started = time.monotonic()
    threading.Thread(target=telling_simulator.confirm, args=(intent_id, "tok_timeout"), daemon=True).start()

    wait_until(telling_simulator.captured)
    assert receiver.deliveries == []

    wait_until(receiver.events)
    assert time.monotonic() - started >= 0.6


def test_a_delivery_is_repeated_until_the_receiver_says_yes(telling_simulator: Simulator, receiver: Receiver) -> None:
    receiver.statuses = [503, 307, 404, 200]

    telling_simulator.confirm(telling_simulator.intent(), "tok_visa")

    wait_until(lambda: telling_simulator.call("/ledger")[1]["events"] == {"delivered": 1, "waiting": 0}, 15)
    headers, bodies = zip(*receiver.deliveries, strict=True)
    assert len(bodies) == 4
    assert len(set(bodies)) == 1
    assert len(set(headers)) > 1, "the time of the signature is fresh at every attempt"
    verify(headers[-1], bodies[-1], [SECRET], int(time.time()), tolerance=10)


def test_a_receiver_that_was_down_is_told_when_it_is_back(start_simulator: Callable[..., Simulator]) -> None:
    receiver = Receiver(statuses=[200]).start()
    port = receiver.server.server_address[1]
    receiver.stop()
    simulator = start_simulator(ALTIS_SIMULATOR_WEBHOOK_URL=receiver.url, ALTIS_WEBHOOK_SECRETS=SECRET)
    simulator.confirm(simulator.intent(), "tok_visa")
    wait_until(lambda: _attempts(simulator) > 0)

    receiver.start(port)

    wait_until(lambda: simulator.call("/ledger")[1]["events"] == {"delivered": 1, "waiting": 0})
    receiver.stop()
    assert len(receiver.deliveries) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_keeps_the_ledger_and_goes_on_telling(
    start_simulator: Callable[..., Simulator], receiver: Receiver, how: signal.Signals
) -> None:
    receiver.statuses = [503]
    simulator = start_simulator(ALTIS_SIMULATOR_WEBHOOK_URL=receiver.url, ALTIS_WEBHOOK_SECRETS=SECRET)
    simulator.confirm(simulator.intent("pay_told"), "tok_visa")
    pending = simulator.intent("pay_pending")
    simulator.confirm(pending, "tok_pending")
    wait_until(receiver.deliveries.copy)

    simulator.stop(how)
    receiver.statuses = [200]
    simulator.start()

    assert simulator.captured()[0] == "pay_told"
    wait_until(lambda: simulator.call("/ledger")[1]["events"] == {"delivered": 2, "waiting": 0})
    assert sorted(simulator.captured()) == ["pay_pending", "pay_told"]


def test_faults_can_be_asked_for(start_simulator: Callable[..., Simulator], receiver: Receiver) -> None:
    common = {"ALTIS_SIMULATOR_WEBHOOK_URL": receiver.url, "ALTIS_WEBHOOK_SECRETS": SECRET}
    dropping = start_simulator(**common, ALTIS_SIMULATOR_WEBHOOK_DROP_SHARE="1")
    dropping.confirm(dropping.intent("pay_dropped"), "tok_visa")
    dropping.stop()

    doubling = start_simulator(**common, ALTIS_SIMULATOR_WEBHOOK_COPIES="2")
    doubling.confirm(doubling.intent("pay_doubled"), "tok_visa")

    wait_until(lambda: doubling.call("/ledger")[1]["events"]["delivered"])
    assert [event["data"]["payment_id"] for event in receiver.events()] == ["pay_doubled", "pay_doubled"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_a_second_whatever_it_waits_for(
    start_simulator: Callable[..., Simulator], serve: Callable[..., RawServer], number: signal.Signals
) -> None:
    silent = serve(lambda connection: connection.recv(1))
    simulator = start_simulator(ALTIS_SIMULATOR_WEBHOOK_URL=silent.url, ALTIS_WEBHOOK_SECRETS=SECRET)
    simulator.confirm(simulator.intent("pay_hanging_delivery"), "tok_visa")
    withheld = simulator.intent("pay_withheld")
    threading.Thread(target=_ignoring_the_hang_up, args=(simulator, withheld), daemon=True).start()
    wait_until(lambda: silent.requests and len(simulator.captured()) > 1)

    seconds, exit_code = simulator.stop(number)

    assert (exit_code, simulator.output) == (0, "")
    assert seconds < MAX_STOP_SECONDS
    with closing(sqlite3.connect(simulator.ledger)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _attempts(simulator: Simulator) -> int:
    with closing(sqlite3.connect(simulator.ledger)) as db:
        return int(db.execute("SELECT coalesce(max(attempts), 0) FROM event").fetchone()[0])


def _ignoring_the_hang_up(simulator: Simulator, intent_id: str) -> None:
    try:
        simulator.confirm(intent_id, "tok_timeout")
    except (OSError, ValueError):
        return
