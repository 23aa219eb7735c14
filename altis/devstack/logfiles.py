"""Keeps the processes' log files small while they are being written."""

import contextlib
import os
import shutil
import time
from pathlib import Path

_MOST_BYTES = 10 * 1024 * 1024
_EVERY_SECONDS = 30.0


class LogFiles:
    """The folder of logs. Each file has one predecessor, NAME.log.1."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 0.0

    def trim(self) -> None:
        """Copy a file that is too large away and empty it: its writer appends, so it goes on at the start."""
        for file in self._folder.glob("*.log"):
            with contextlib.suppress(OSError):
                if file.stat().st_size > _MOST_BYTES:
                    shutil.copyfile(file, file.with_suffix(".log.1"))
                    os.truncate(file, 0)

    def trim_now_and_then(self) -> None:
        """`trim`, at most every half minute."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY_SECONDS
            self.trim()
