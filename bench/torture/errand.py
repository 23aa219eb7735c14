"""Something that may take long, done in a thread beside the rig's own, and tried again until it works."""

import subprocess
import threading
import time
from collections.abc import Callable

import psycopg

_PAUSE_SECONDS = 0.5


class Errand:
    """Begins at once, or when an earlier errand is over."""

    def __init__(self, act: Callable[[], object], *, tries: int = 1, after: "Errand | None" = None) -> None:
        self.succeeded = False
        self._act, self._tries, self._after = act, tries, after
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Done, or given up."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        if self._after is not None:
            self._after._thread.join()
        for _ in range(self._tries):
            try:
                self._act()
            except (psycopg.Error, OSError, subprocess.SubprocessError):
                time.sleep(_PAUSE_SECONDS)  # a server is away: perhaps by another fault
            else:
                self.succeeded = True
                return
