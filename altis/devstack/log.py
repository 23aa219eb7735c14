"""One line per event on standard output: time, who, what."""

import contextlib
import sys
import time
from collections.abc import Callable

_diverted: Callable[[str], object] | None = None


def say(source: str, text: str) -> None:
    """Print one event. A closed terminal is no reason to fall over: servers are still to be stopped."""
    write_line(f"{time.strftime('%H:%M:%S')} {source:<9} {text}")


def write_line(line: str) -> None:
    """Print `line` alone and at once; silently nothing when the other end has gone."""
    with contextlib.suppress(OSError, ValueError):
        if _diverted is not None:
            _diverted(f"{line}\n")
            return
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def divert(write: Callable[[str], object] | None) -> None:
    """Give every line to `write` instead, for somebody who needs the terminal; None ends it."""
    global _diverted  # noqa: PLW0603  (one terminal, one log)
    _diverted = write
