"""Places where a test may make this process die, fail, sleep or hang. Without ALTIS_FAILPOINTS_FILE they do nothing.

The file is JSON, read again whenever it changes, so that a running process can be armed and disarmed:

    {"seed": 7, "points": {"accept.after_gate": {"do": "kill9", "chance": 0.1, "most": 1}}}

`do` is kill9, raise, sleep or hang; `seconds` says how long (a hang lasts 30 s, and ends early when it is disarmed);
`chance` is 1 unless given; `most` bounds how often it strikes in all processes together. What struck is added to a file
of the same name with `.struck` behind it, one line `point do pid` each. Production refuses the setting.
"""

import fcntl
import json
import os
import random
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from altis.shared.errors import Unavailable
from altis.store.pipeline import flush

POINTS: Final = frozenset(
    f"{flow}.{place}"
    for flow, places in {
        "accept": "before_gate after_gate after_idem after_offer after_order after_ledger before_commit after_commit"
        " after_settle",
        "pay": "after_lockin before_confirm after_confirm before_commit2 after_commit2",
        "hook": "after_verify after_insert before_commit after_commit",
        "sweep": "after_lock before_commit after_commit",
        "relay": "after_read after_produce before_mark",
        "janitor": "after_cancel before_commit",
        "refund": "before_call after_call",
        "give_back": "before_commit",
        "rebook": "before_commit",
    }.items()
    for place in places.split()
)
_HANG_SECONDS = 30.0
_LOOK_SECONDS = 0.05


class FailpointHit(Unavailable):
    """An armed failpoint said `raise`."""

    message = "A failpoint of this test stack struck."


def failpoint(name: str) -> None:
    """Do what this place is armed for; nothing in production."""
    if settings.ALTIS_FAILPOINTS_FILE:
        _strike(name)


def _strike(name: str) -> None:
    if name not in POINTS:
        raise RuntimeError(f"{name} is no failpoint")
    armed = _file.read()
    order = armed.get("points", {}).get(name)
    if order is None or _chance(armed).random() >= order.get("chance", 1) or not _file.count(name, order):
        return
    flush()  # it strikes where it stands: what was done before it has been done
    match order["do"]:
        case "kill9":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise FailpointHit
        case "sleep":
            time.sleep(order["seconds"])
        case "hang":
            _hang(name, order.get("seconds", _HANG_SECONDS))


def _hang(name: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and name in _file.read().get("points", {}):
        time.sleep(_LOOK_SECONDS)


class _File:
    """The orders in the file; what cannot be read (it is being replaced) counts as disarmed."""

    def __init__(self) -> None:
        self._seen: tuple[str, int, int] | None = None
        self._orders: Mapping[str, Any] = {}

    def read(self) -> Mapping[str, Any]:
        """The present orders."""
        try:
            found = self._path.stat()
            seen = (str(self._path), found.st_mtime_ns, found.st_ino)
            if seen != self._seen:
                self._orders, self._seen = json.loads(self._path.read_bytes()), seen
        except (OSError, ValueError):
            self._orders, self._seen = {}, None
        return self._orders

    def count(self, name: str, order: Mapping[str, Any]) -> bool:
        """Write the strike down; False when the point has struck as often as it may."""
        most = order.get("most")
        with self._path.with_name(f"{self._path.name}.struck").open("a+", encoding="utf-8") as log:
            fcntl.flock(log, fcntl.LOCK_EX)  # until it is closed: of two processes that count, one counts the other
            log.seek(0)
            if most is not None and [line.split()[0] for line in log].count(name) >= most:
                return False
            log.write(f"{name} {order['do']} {os.getpid()}\n")
        return True

    @property
    def _path(self) -> Path:
        return Path(settings.ALTIS_FAILPOINTS_FILE)


def _chance(armed: Mapping[str, Any]) -> random.Random:
    """One stream of chance per process, begun from the file's seed and the process's number."""
    global _stream  # noqa: PLW0603  (a forked worker begins its own)
    if _stream is None or _stream[0] != os.getpid():
        _stream = (os.getpid(), random.Random(f"{armed.get('seed', 0)}/{os.getpid()}"))  # nosec B311 # repeatable
    return _stream[1]


_file = _File()
_stream: tuple[int, random.Random] | None = None
