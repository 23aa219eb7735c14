"""Fixtures of the negative controls, and the line that counts them at the end of a run."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.controls.stage import Stage
from tests.payments.simulators import Simulator
from tests.races.conftest import bundles, token, without

__all__ = ["bundles", "token", "without"]


@pytest.fixture
def _simulator(tmp_path: Path) -> Iterator[Simulator]:
    """A gateway whose ledger is empty, in the place of the one that all tests share: the checker reads all of it."""
    running = Simulator(ledger=tmp_path / "ledger.sqlite3", environ={"ALTIS_SIMULATOR_WEBHOOK_URL": ""})
    running.start()
    yield running
    running.stop()


@pytest.fixture
def stage(tmp_path: Path, settings: Any) -> Iterator[Stage]:
    """Where calls are put into an order; whoever stands still at the end goes on."""
    with ThreadPoolExecutor(4) as pool:
        built = Stage(tmp_path, settings, pool)
        yield built
        built.go_on()


@pytest.fixture(autouse=True)
def _patient(settings: Any) -> None:
    """Who waits for a lock waits until the stopped call goes on, however slow the machine is."""
    settings.ALTIS_LOCK_TIMEOUT_MS, settings.ALTIS_STATEMENT_TIMEOUT_MS = 20_000, 30_000


@pytest.fixture(autouse=True)
def _numbered(request: pytest.FixtureRequest, record_property: Any) -> None:
    """Each report carries the number of its control, also from an xdist worker."""
    control = request.node.get_closest_marker("control")
    if control is not None:
        record_property("control", control.args[0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """`18 of 18 negative controls caught`, when any of them ran."""
    caught, missed = _controls(terminalreporter, "passed"), _controls(terminalreporter, "failed", "error")
    if caught | missed:
        terminalreporter.write_line(f"{len(caught - missed)} of {len(caught | missed)} negative controls caught")


def _controls(reporter: pytest.TerminalReporter, *outcomes: str) -> set[object]:
    reports = [report for outcome in outcomes for report in reporter.stats.get(outcome, [])]
    return {number for report in reports for name, number in report.user_properties if name == "control"}
