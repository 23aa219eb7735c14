"""One relay leads, and another takes over when it dies, freezes, or loses its database session."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.store.brokers import log_of
from tests.store.relays import Relays, relays_in
from tests.store.rows import subject

TOPIC = "altis.orders"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relays]:
    """One set of servers for the module: each test brings its own relays and aggregates."""
    folder: Path = tmp_path_factory.mktemp("relays")
    folder.chmod(0o711)
    with relays_in(folder) as relays:
        yield relays


@pytest.fixture
def stack(servers: Relays, settings: Any) -> Iterator[Relays]:
    settings.KAFKA_BOOTSTRAP_SERVERS = servers.urls["KAFKA_BOOTSTRAP_SERVERS"]
    servers.failpoints.unlink(missing_ok=True)
    yield servers
    servers.end_relays()


def _arrived(*subjects: str, each: int) -> dict[str, list[int]]:
    """Per aggregate the numbers in the order of their first arrivals."""
    found: dict[str, dict[int, None]] = {name: {} for name in subjects}
    for event in log_of(TOPIC, *subjects, distinct=each * len(subjects)):
        found[str(event["subject"])][int(event["sequence"])] = None
    return {name: list(numbers) for name, numbers in found.items()}


def _led_by(stack: Relays, name: str) -> None:
    stack.wait(lambda: stack.leaders() == [name])


def test_when_the_leader_dies_the_other_takes_over(stack: Relays) -> None:
    mine = subject()
    first = stack.relay("first")
    _led_by(stack, "first")
    stack.relay("second")
    stack.wait(lambda: stack.sessions("second") == 1)
    stack.note(mine, 1, 300)
    stack.wait(lambda: stack.unpublished() == 0)

    first.kill()
    stack.note(mine, 301, 600)
    took = stack.wait(lambda: stack.unpublished() == 0)

    assert stack.leaders() == ["second"]
    assert took < 15
    assert _arrived(mine, each=600) == {mine: list(range(1, 601))}


def test_a_leader_that_dies_before_it_marked_leaves_duplicates_only(stack: Relays) -> None:
    mine, other = subject(), subject()
    stack.failpoints.write_text(json.dumps({"points": {"relay.before_mark": {"do": "kill9", "most": 1}}}))
    stack.note(mine, 1, 40)
    first = stack.relay("first")
    assert first.wait(20) == -signal.SIGKILL
    stack.note(other, 1, 40)

    stack.relay("second")
    stack.wait(lambda: stack.unpublished() == 0)

    assert _arrived(mine, other, each=40) == {mine: list(range(1, 41)), other: list(range(1, 41))}
    assert len(log_of(TOPIC, mine, distinct=40)) == 80


def test_a_frozen_leader_loses_its_session_and_its_late_word_hurts_nobody(stack: Relays) -> None:
    mine = subject()
    stack.failpoints.write_text(
        json.dumps({"points": {"relay.after_read": {"do": "sleep", "seconds": 0.2, "most": 1}}})
    )
    stack.note(mine, 1, 50)
    first = stack.relay("first", patience=0.5)
    stack.wait(lambda: _struck(stack) == 1)

    os.kill(first.pid, signal.SIGSTOP)
    stack.relay("second")
    _led_by(stack, "second")
    stack.note(mine, 51, 100)
    stack.wait(lambda: stack.unpublished() == 0)
    os.kill(first.pid, signal.SIGCONT)
    stack.note(mine, 101, 150)
    stack.wait(lambda: stack.unpublished() == 0)

    assert stack.leaders() == ["second"]
    assert first.poll() is None
    assert _arrived(mine, each=150) == {mine: list(range(1, 151))}


def test_a_leader_whose_session_was_ended_leads_again_in_a_new_one(stack: Relays) -> None:
    mine = subject()
    first = stack.relay("first")
    _led_by(stack, "first")

    for number in range(5):
        stack.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'first'")
        stack.note(mine, 1 + 20 * number, 20 + 20 * number)
        stack.wait(lambda: stack.unpublished() == 0)

    assert stack.leaders() == ["first"]
    assert first.poll() is None
    assert _arrived(mine, each=100) == {mine: list(range(1, 101))}


def test_postgres_killed_and_back_is_met_by_the_same_process(stack: Relays) -> None:
    mine = subject()
    first = stack.relay("first")
    _led_by(stack, "first")
    stack.note(mine, 1, 400)

    os.kill(stack.pid("postgres"), signal.SIGKILL)
    stack.wait(lambda: stack.leaders() == ["first"], 30)
    stack.note(mine, 401, 500)
    stack.wait(lambda: stack.unpublished() == 0)

    assert first.poll() is None
    assert _arrived(mine, each=500) == {mine: list(range(1, 501))}


def test_a_frozen_postgres_is_waited_for(stack: Relays) -> None:
    mine = subject()
    first = stack.relay("first")
    _led_by(stack, "first")
    stack.note(mine, 1, 400)

    stack.signal_postgres(signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        first.wait(3)
    stack.signal_postgres(signal.SIGCONT)
    stack.note(mine, 401, 500)
    stack.wait(lambda: stack.unpublished() == 0)

    assert stack.leaders() == ["first"]
    assert _arrived(mine, each=500) == {mine: list(range(1, 501))}


def test_a_relay_told_to_end_while_the_broker_is_away_does_so_at_once(stack: Relays) -> None:
    stack.services.supervisor.tick()
    os.kill(stack.pid("broker"), signal.SIGSTOP)
    stack.note(subject(), 1, 10)
    first = stack.relay("first")
    _led_by(stack, "first")

    first.terminate()
    code = first.wait(5)
    os.kill(stack.pid("broker"), signal.SIGCONT)

    assert code == 0
    assert stack.unpublished() == 10
    stack.relay("second")
    stack.wait(lambda: stack.unpublished() == 0)


def _struck(stack: Relays) -> int:
    log = stack.failpoints.with_name(f"{stack.failpoints.name}.struck")
    return len(log.read_text().splitlines()) if log.exists() else 0
