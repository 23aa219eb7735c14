"""Fixtures of the payment tests: simulators and receivers that are stopped whatever happens."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from payments.gateways.simulator import SimulatorGateway, make_client
from tests.payments.simulators import API_KEY, SECRET, RawServer, Receiver, Simulator

Connect = Callable[..., SimulatorGateway]


@pytest.fixture
def start_simulator(tmp_path: Path) -> Iterator[Callable[..., Simulator]]:
    """Start a simulator with these variables; all in one test share the ledger's folder."""
    with ExitStack() as stack:

        def start(**environ: str) -> Simulator:
            simulator = Simulator(ledger=tmp_path / "gateway" / "ledger.sqlite3", environ=environ).start()
            stack.callback(lambda: simulator.process and simulator.process.poll() is None and simulator.stop())
            return simulator

        yield start


@pytest.fixture
def simulator(start_simulator: Callable[..., Simulator]) -> Simulator:
    """A simulator that knows no webhook receiver."""
    return start_simulator(ALTIS_SIMULATOR_WEBHOOK_URL="", ALTIS_SIMULATOR_PENDING_SECONDS="1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook receiver that says 200 unless a test gives it other statuses."""
    running = Receiver(statuses=[200]).start()
    yield running
    running.stop()


@pytest.fixture
def telling_simulator(start_simulator: Callable[..., Simulator], receiver: Receiver) -> Simulator:
    """A simulator that sends its webhooks to the receiver."""
    return start_simulator(
        ALTIS_SIMULATOR_WEBHOOK_URL=receiver.url,
        ALTIS_WEBHOOK_SECRETS=f"{SECRET},an-older-one",
        ALTIS_SIMULATOR_PENDING_SECONDS="0.2",
        ALTIS_SIMULATOR_WITHHOLD_SECONDS="0.6",
    )


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A gateway client for a URL; closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda url, seconds=5.0: SimulatorGateway(
            client=stack.enter_context(make_client(url, API_KEY)), timeout_seconds=seconds
        )


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    """A raw server that answers every request with these bytes, or with a function of the socket."""
    with ExitStack() as stack:

        def start(answer: bytes | Callable[[socket.socket], object]) -> RawServer:
            respond = (lambda connection: connection.sendall(answer)) if isinstance(answer, bytes) else answer
            server = RawServer(respond).start()
            stack.callback(server.stop)
            return server

        yield start
