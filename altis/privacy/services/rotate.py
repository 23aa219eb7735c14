"""Wrapping every data key anew under the newest key of the ring, while everybody reads and writes.

One UPDATE changes a wrapping and its key id together, so a reader sees the old pair or the new one, and has both keys.
Rows that somebody else has locked are passed over: another rotation is at them, or an erasure. Interrupted, it goes on
where it stood, since a row that is done says so itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import connection
from django.db.models import Count

from altis.privacy.errors import Unreadable
from altis.privacy.keyring import newest, wrapping_keys
from altis.privacy.keys import unwrap, wrap
from altis.privacy.models import SubjectKey
from altis.store.database import command, retried

BATCH = 500
_REWRAP = """
UPDATE privacy_subjectkey k SET dek_wrapped = fresh.wrapped, kek_id = %s, updated_at = altis_now()
FROM unnest(%s::text[], %s::bytea[]) AS fresh (subject, wrapped) WHERE k.subject = fresh.subject
"""


@dataclass(frozen=True, slots=True)
class Ring:
    """How many data keys each wrapping key locks, newest first; `strange` are key ids that are not in the ring."""

    newest: str
    counts: Mapping[str, int]
    strange: Mapping[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Data keys that the newest key does not lock yet, and that we can open."""
        return sum(count for kid, count in self.counts.items() if kid != self.newest)

    @property
    def idle(self) -> list[str]:
        """Key ids that lock nothing any more."""
        return [kid for kid, count in self.counts.items() if kid != self.newest and not count]

    @property
    def done(self) -> bool:
        """Whether the newest key locks every data key."""
        return not self.waiting and not self.strange


def look_at_ring() -> Ring:
    """What the wrapping keys lock at this moment."""
    rows = SubjectKey.objects.order_by("kek_id").values_list("kek_id").annotate(Count("pk"))
    found = dict(rows)
    kids = list(wrapping_keys())
    return Ring(kids[0], {kid: found.pop(kid, 0) for kid in kids}, found)


def rotate_keys(*, batch: int = BATCH, told: Callable[[int], None] = lambda _: None) -> int:
    """Wrap every data key anew that an older key locks; returns how many. `told` hears of each batch's number.

    A data key that does not open is left as it is, with an alarm in the log.
    """
    rewrapped = 0
    while here := _one_pass(batch, told):
        rewrapped += here
    return rewrapped


def _one_pass(batch: int, told: Callable[[int], None]) -> int:
    """Once through the table: what was passed over, or made meanwhile under an older key, waits for the next pass."""
    after, done = "", 0
    while True:
        last, here = retried(partial(_one_batch, after, batch))
        if not last:
            return done
        told(here)
        after, done = last, done + here


def _one_batch(after: str, batch: int) -> tuple[str, int]:
    """The last subject looked at ("" when there is none left) and how many were wrapped anew."""
    with command():
        kid, _ = newest(wrapping_keys())
        old = SubjectKey.objects.select_for_update(skip_locked=True).filter(subject__gt=after).exclude(kek_id=kid)
        rows = list(old.order_by("subject")[:batch])
        fresh = [row for row in map(_rewrapped, rows) if row is not None]
        _write(kid, fresh)
    return (rows[-1].subject if rows else ""), len(fresh)


def _rewrapped(row: SubjectKey) -> SubjectKey | None:
    try:
        return wrap(row.subject, unwrap(row))
    except Unreadable:
        return None


def _write(kid: str, fresh: Sequence[SubjectKey]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REWRAP, [kid, [row.subject for row in fresh], [bytes(row.dek_wrapped) for row in fresh]])
