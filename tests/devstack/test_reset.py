"""Throwing a stack's data away."""

from pathlib import Path

import pytest

from altis.devstack.errors import AlreadyRunning, StackError
from altis.devstack.reset import remove_state
from altis.devstack.state import StateFolder


def test_state_of_a_stopped_stack_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    state = StateFolder(folder)
    state.take(8080)
    state.release()

    assert remove_state(folder) == [folder]

    assert folder.exists() is False


def test_state_of_a_running_stack_is_kept(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.take(8080)

    with pytest.raises(AlreadyRunning):
        remove_state(tmp_path)

    assert (tmp_path / "lock").exists()
    state.release()


def test_folder_that_no_stack_has_made_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(StackError, match="does not look like a state folder"):
        remove_state(tmp_path)

    assert (tmp_path / "thesis.txt").exists()


def test_nothing_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert remove_state(tmp_path / "nowhere") == []
