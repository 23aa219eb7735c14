"""A round goes on past what breaks, and ends in time."""

from types import SimpleNamespace

import pytest

from payments.services import rounds
from payments.services.rounds import decided

ROWS = [SimpleNamespace(pk=name, fails=name == "b", counts=name != "c") for name in "abcd"]


def work(row: SimpleNamespace) -> bool:
    if row.fails:
        raise LookupError(row.pk)
    return bool(row.counts)


def test_a_row_that_breaks_is_logged_and_the_others_are_done(caplog: pytest.LogCaptureFixture) -> None:
    assert decided(ROWS, work) == 2

    [line] = caplog.records
    assert isinstance(line.msg, dict)
    assert (line.msg["event"], line.msg["row"], line.msg["exc_info"]) == ("a row broke its job", "b", True)


def test_a_round_that_takes_too_long_ends(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(rounds, "_LONGEST_SECONDS", -1.0)

    assert decided(ROWS, work) == 0

    assert "round cut short" in caplog.text
