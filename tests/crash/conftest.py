"""The stage of each cell, and the matrix as a table at the end of the run."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from altis.accounts.models import User
from tests.crash.matrix import ACTIONS, MATRIX
from tests.crash.stage import Stage
from tests.payments.simulators import Simulator


@pytest.fixture
def stage(transactional_db: None, gateway: Simulator, tmp_path: Path) -> Iterator[Stage]:
    """Two customers, no flight yet, and a gateway whose ledger knows of nobody else's payments."""
    _forget(gateway)
    owner, other = (User.objects.create_user(f"{name}@example.com", "correct horse battery") for name in "ab")
    ready = Stage(owner=owner, other=other, simulator=gateway, folder=tmp_path)
    yield ready
    ready.close()


def _forget(gateway: Simulator) -> None:
    with closing(sqlite3.connect(gateway.ledger)) as ledger, ledger:
        for table in ("refund", "capture", "event", "intent"):
            ledger.execute(f"DELETE FROM {table}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line per point; shown when this folder alone is run."""
    marks = {"passed": "ok", "failed": "FAILED", "error": "ERROR"}
    cells = {
        report.nodeid.partition("[")[2].rstrip("]"): mark
        for outcome, mark in marks.items()
        for report in terminalreporter.getreports(outcome)
        if "::test_crash_matrix[" in report.nodeid and (report.when == "call" or outcome != "passed")
    }
    if not cells:
        return
    terminalreporter.write_sep("=", f"crash matrix: {list(cells.values()).count('ok')} of {len(cells)} cells")
    for point in MATRIX:
        row = "".join(f"{cells.get(f'{point.name}-{action}', '-'):>8}" for action in ACTIONS)
        terminalreporter.write_line(f"{point.name:<24}{row}")
