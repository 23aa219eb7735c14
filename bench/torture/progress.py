"""What a run shows while it goes on: one living line on a terminal, plain lines every few seconds elsewhere."""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from bench.torture.history import UNKNOWN, call_of

_PLAIN_SECONDS = 5.0
_UNAVAILABLE = 503


class Progress:
    """Says lasting things and passing ones. Use as a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._status: Status | None = None
        self._began = time.monotonic()
        self._last = 0.0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def say(self, text: str) -> None:
        """A line that stays."""
        self._console.print(f"{time.strftime('%H:%M:%S')} {text}", markup=False, soft_wrap=True)

    def now(self, text: str) -> None:
        """How things stand."""
        if self._status is not None:
            self._status.update(text.replace("[", r"\["))
        elif time.monotonic() - self._last >= _PLAIN_SECONDS:
            self._last = time.monotonic()
            self.say(text)


class Tally:
    """Counts what the customers have written so far, reading each line once."""

    def __init__(self, histories: Sequence[Path]) -> None:
        self._offsets = dict.fromkeys(histories, 0)
        self._began = time.monotonic()
        self.requests = Counter[str]()
        self.orders: set[str] = set()
        self.paid: set[str] = set()
        self.read()
        self._before = self.requests["all"]  # registering, and other preparations

    def read(self) -> None:
        """Take in the lines that are new and whole."""
        for file, offset in self._offsets.items():
            if not file.exists():
                continue
            with file.open("rb") as lines:
                lines.seek(offset)
                for line in lines:
                    if not line.endswith(b"\n"):
                        break
                    self._offsets[file] += len(line)
                    self._count(line)

    def line(self) -> str:
        """The counts in words."""
        rate = (self.requests["all"] - self._before) / max(1.0, time.monotonic() - self._began)
        return (
            f"orders {len(self.orders)}, paid {len(self.paid)} | {rate:.0f} requests/s,"
            f" {self.requests['unknown']} unknown, {self.requests['503']} x 503"
        )

    def _count(self, line: bytes) -> None:
        call = call_of(line)
        self.requests["all"] += 1
        self.requests["unknown"] += call.outcome == UNKNOWN
        self.requests["503"] += call.status == _UNAVAILABLE
        if call.outcome == "ok" and call.op == "accept":
            self.orders.add(call.order)
        if call.outcome == "ok" and call.op == "pay":
            self.paid.add(call.order)
