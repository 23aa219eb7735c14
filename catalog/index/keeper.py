"""Keeps the index of a process true: one thread that looks at PostgreSQL and Redis four times a second.

Each look asks PostgreSQL whether the catalog has changed and Redis for the figures that the gate took since. A change
of the network is read anew by a thread of its own, while the index that there is goes on hearing of figures. The index
is used for as long as the last look is younger than a second. So what it says of availability is at most a second
behind the gate, and what it says of the catalog at most a second and the time of reading it.
"""

import gc
import threading
import time
from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection

from altis.shared.errors import Unavailable
from altis.store.sessions import own_session
from catalog import inventory
from catalog.index import loading
from catalog.index.catalogue import Catalogue

log = structlog.get_logger(__name__)
FRESH_SECONDS = 1.0
BEAT_SECONDS = 0.25
# What the gate was never told, though it was up: seldom, and then it is found so much later at most.
LEDGER_SECONDS = 15.0
_OVERLAP_SECONDS = 60.0
_AT_ONCE = 10_000
_IDLE_SECONDS = 60.0
_PAUSE = 0.0005  # a request waits no longer than a few hundred rows for the interpreter


class Keeper:
    """The index of this process. `load` reads a catalogue, in the thread of the caller."""

    def __init__(self, load: Callable[[], Catalogue]) -> None:
        self._load = load
        self._catalogue: Catalogue | None = None
        self._seen = float("-inf")  # when the last look at both stores began
        self._told = float("-inf")  # when the ledger was last asked for what the gate was not told
        self._loader: _Loader | None = None
        self._stop = threading.Event()
        self._troubled = False  # said once, not four times a second

    def current(self) -> Catalogue | None:
        """The catalogue, while the last look is young enough."""
        return self._catalogue if time.monotonic() - self._seen <= FRESH_SECONDS else None

    def run(self) -> None:
        """Look again and again, until `stop`."""
        with own_session(idle_seconds=_IDLE_SECONDS):
            while not self._stop.is_set():
                self.look()
                self._stop.wait(BEAT_SECONDS)

    def stop(self) -> None:
        """End `run` soon."""
        self._stop.set()

    def look(self) -> None:
        """One look at both stores; one that fails is as if it had not been."""
        began = time.monotonic()
        try:
            if self._heed(began):
                self._seen = began
            self._troubled = False
        except (DatabaseError, Unavailable) as error:
            if not self._troubled:
                log.warning("index not refreshed", error=type(error).__name__)
            self._troubled = True
            connection.close()

    def _heed(self, began: float) -> bool:
        """Take over all news; False when some are missing."""
        revision = loading.read_revision()
        self._swap()
        catalogue = self._catalogue
        if catalogue is None:
            self._start_loading()
            return False
        if not follow(catalogue):
            log.warning("news of availability are missing; reading the ledger")
            self._start_loading()
            return False
        if began - self._told > LEDGER_SECONDS:
            self._ask_ledger(catalogue, began)
        if revision[0] != catalogue.revision[0]:
            self._start_loading()
        elif revision != catalogue.revision:
            self._catalogue = _with_assortment(catalogue, revision)
        return True

    def _swap(self) -> None:
        """Put a catalogue that has been read into the place of the one before, once it has caught up."""
        loader = self._loader
        if loader is None or loader.is_alive():
            return
        self._loader = None
        if loader.catalogue is not None and follow(loader.catalogue):
            self._catalogue = loader.catalogue
            # It lives for long: the collector need not look at half a million objects again and again.
            gc.freeze()

    def _start_loading(self) -> None:
        if self._loader is None:
            self._loader = _Loader(self._load)
            self._loader.start()

    def _ask_ledger(self, catalogue: Catalogue, began: float) -> None:
        since = min(began - self._told, 3600.0) + _OVERLAP_SECONDS
        for inventory_id, available, version in loading.recent_levels(since):
            catalogue.hear(inventory_id, available=available, version=version)
        self._told = began


class _Loader(threading.Thread):
    """Reads one catalogue, or nothing when that fails."""

    def __init__(self, load: Callable[[], Catalogue]) -> None:
        super().__init__(name="index-loader", daemon=True)
        self.catalogue: Catalogue | None = None
        self._load = load

    def run(self) -> None:
        """Read it in a session of this thread."""
        began = time.monotonic()
        try:
            with own_session(idle_seconds=_IDLE_SECONDS):
                self.catalogue = self._load()
            log.info("index read", flights=self.catalogue.flights, seconds=round(time.monotonic() - began, 2))
        except (DatabaseError, Unavailable) as error:
            log.warning("index not read", error=type(error).__name__)


def load() -> Catalogue:
    """A catalogue that knows from which news on it has to follow; raises DatabaseError or StoreDown."""
    position = inventory.news_position()  # before the ledger is read, so that nothing is missed in between
    catalogue = loading.load(_PAUSE)
    catalogue.position = position
    return catalogue


def follow(catalogue: Catalogue) -> bool:
    """Take over the news since the catalogue's position; False when some are missing. Raises StoreDown."""
    while True:
        news = inventory.news_since(catalogue.position, _AT_ONCE)
        if news is None:
            return False
        for told in news:
            level = told.level
            catalogue.hear(level.inventory_id, available=level.available, version=level.version, forced=told.forced)
            catalogue.position = told.position
        if len(news) < _AT_ONCE:
            return True


def _with_assortment(catalogue: Catalogue, revision: tuple[int, ...]) -> Catalogue:
    changed = catalogue.with_assortment(loading.read_assortment())
    changed.revision = revision
    return changed
