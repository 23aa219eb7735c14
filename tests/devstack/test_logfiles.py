"""Log files stay small."""

from pathlib import Path

import pytest

from altis.devstack.logfiles import LogFiles


def test_large_log_is_set_aside_while_its_writer_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("altis.devstack.logfiles._MOST_BYTES", 10)
    file = tmp_path / "api.log"
    with file.open("ab", buffering=0) as writer:
        writer.write(b"0123456789ab\n")

        LogFiles(tmp_path).trim_now_and_then()
        writer.write(b"next\n")

    assert file.read_bytes() == b"next\n"
    assert (tmp_path / "api.log.1").read_bytes() == b"0123456789ab\n"


def test_small_log_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "api.log").write_text("little")

    LogFiles(tmp_path).trim()

    assert [path.name for path in tmp_path.iterdir()] == ["api.log"]
