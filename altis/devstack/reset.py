"""Removes a state folder and what it keeps under the temporary folder."""

import shutil
from pathlib import Path

from altis.devstack.errors import StackError
from altis.devstack.leftovers import clear_leftovers
from altis.devstack.state import StateFolder, temporary_name


def remove_state(wanted: Path) -> list[Path]:
    """Delete the state of `wanted`; the folders that are gone now. Raises AlreadyRunning while a stack runs there.

    Raises StackError for a folder that no stack has made: deleting somebody's files by a wrong setting is worse.
    """
    removed: list[Path] = []
    for folder in (wanted, temporary_name(wanted)):
        if not folder.exists() or not any(folder.iterdir()):
            continue
        if not any((folder / name).exists() for name in ("lock", "owner")):
            raise StackError(f"{folder} does not look like a state folder: not touched")
        state = StateFolder(folder)
        state.take(0)
        clear_leftovers(state.read())
        shutil.rmtree(folder)
        state.release()
        removed.append(folder)
    return removed
