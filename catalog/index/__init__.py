"""What is for sale, in the memory of a process that serves searches: at most a second old, or not used at all.

Off where `ALTIS_INDEX` says so; then, and while it is not fresh, reads ask PostgreSQL and the gate.
"""

import os
import threading

from django.conf import settings

from altis.store.presets import Preset
from catalog.index.catalogue import Catalogue
from catalog.index.keeper import Keeper, load

__all__ = ["Catalogue", "current", "fresh", "start", "stop"]

_lock = threading.Lock()
_wanted = Preset(lambda: bool(settings.ALTIS_INDEX))
_keepers: list[Keeper] = []  # at most one, and its thread dies with the process


def current() -> Catalogue | None:
    """The index while it is fresh; the first question starts to read it."""
    if not _wanted():
        return None
    for keeper in _keepers:
        return keeper.current()
    start()
    return None


def fresh() -> bool:
    """Whether reads are answered from memory, at most a second old."""
    return current() is not None


def start() -> None:
    """Read the index and keep it true from now on, in threads of this process; does nothing when it is off or on."""
    if not settings.ALTIS_INDEX:
        return
    with _lock:
        if not _keepers:
            keeper = Keeper(load)
            _keepers.append(keeper)
            threading.Thread(target=keeper.run, name="index", daemon=True).start()


def stop() -> None:
    """End the threads and forget the index."""
    with _lock:
        while _keepers:
            _keepers.pop().stop()


# A child has the parent's memory, but none of its threads.
os.register_at_fork(after_in_child=_keepers.clear)
