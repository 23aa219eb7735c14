"""The load, and what came of it. Django must have been set up."""

import secrets
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from altis.privacy import keys
from altis.privacy.errors import Unreadable
from altis.privacy.models import SubjectKey
from altis.privacy.services.rotate import look_at_ring, rotate_keys
from altis.shared.ids import new_id

_INSERT = 5_000
_AT_ONCE = 20
_ALONE_SECONDS = 2


def measure(rows: int, readers: int) -> int:
    """Make so many data keys, rotate them under so many readers and a writer; 0 when nobody noticed."""
    call_command("migrate", verbosity=0)
    people = {new_id("usr"): secrets.token_bytes(32) for _ in range(rows)}
    SubjectKey.objects.bulk_create([keys.wrap(*each) for each in people.items()], batch_size=_INSERT)
    settings.ALTIS_KEK_RING = f"next:{secrets.token_urlsafe(32)},{settings.ALTIS_KEK_RING}"
    load = Load(people)
    with ThreadPoolExecutor(readers + 1) as pool:
        for work in [*[load.read] * readers, load.write]:
            pool.submit(load.until_over, work)
        time.sleep(_ALONE_SECONDS)
        alone, began = load.reads, time.monotonic()
        rewrapped = rotate_keys()
        seconds, meanwhile = time.monotonic() - began, load.reads - alone
        load.over.set()
    ring = look_at_ring()
    wrong = sum(keys.unwrap(row) != people[row.pk] for row in SubjectKey.objects.iterator() if row.pk in people)
    sys.stdout.write(
        f"{rewrapped} data keys wrapped anew in {seconds:.1f} s ({rewrapped / seconds:.0f}/s), while {meanwhile} keys "
        f"were read ({meanwhile / seconds:.0f}/s; {alone / _ALONE_SECONDS:.0f}/s alone) and {load.made} made: "
        f"{load.failed} failed reads, {wrong} wrong keys after it, {ring.waiting} rows left\n"
    )
    return int(bool(load.failed or wrong or load.errors or not ring.done))


class Load:
    """Readers that ask for random keys past all memory, and a writer that makes new ones."""

    def __init__(self, people: dict[str, bytes]) -> None:
        self.over = threading.Event()
        self.reads = self.failed = self.made = 0
        self.errors: list[BaseException] = []
        self._people, self._ids, self._lock = people, list(people), threading.Lock()

    def until_over(self, work: Callable[[], None]) -> None:
        """Do it again and again; the first exception is kept, and ends this thread's part."""
        try:
            while not self.over.is_set():
                work()
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()

    def read(self) -> None:
        """Twenty random keys in one query, each compared with what it must be."""
        asked = [secrets.choice(self._ids) for _ in range(_AT_ONCE)]
        failed, rows = 0, list(SubjectKey.objects.filter(pk__in=asked))
        for row in rows:
            try:
                failed += keys.unwrap(row) != self._people[row.pk]
            except Unreadable:
                failed += 1
        with self._lock:
            self.reads += len(rows)
            self.failed += failed

    def write(self) -> None:
        """One new person's key."""
        keys.data_key(new_id("usr"), create=True)
        self.made += 1
