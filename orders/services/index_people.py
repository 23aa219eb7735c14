"""Giving orders from before the blind indexes theirs, so that staff find them by name and address, while serving.

The row is locked before the data key of its person is looked up, and an erasure writes to that same row. So whichever
is first, nobody who was erased has an index: the erasure blanks what was written here, or no key is left to read with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import connection

from altis.accounts.emails import INDEX_PURPOSE
from altis.privacy.blind import blind_index, name_index
from altis.privacy.errors import Unreadable
from altis.privacy.keys import prefetch
from altis.privacy.models import SubjectKey
from altis.store.database import command, retried
from orders.models import Order, Passenger
from orders.models.parts import NAME_PURPOSE

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows of one table: whose key opens them, what is opened, where its index belongs, and how it is written."""

    model: type[Passenger] | type[Order]
    subject: str
    source: str
    index: str
    index_of: Callable[[str], str]
    write: str


_KINDS: Final = (
    _Kind(
        model=Passenger,
        subject="id",
        source="family_name",
        index="name_index",
        index_of=partial(name_index, purpose=NAME_PURPOSE),
        write="UPDATE orders_passenger p SET name_index = fresh.digest"
        " FROM unnest(%s::text[], %s::text[]) AS fresh (id, digest) WHERE p.id = fresh.id",
    ),
    _Kind(
        model=Order,
        subject="owner_id",
        source="contact_email",
        index="contact_index",
        index_of=partial(blind_index, purpose=INDEX_PURPOSE),
        write="UPDATE orders_order o SET contact_index = fresh.digest"
        " FROM unnest(%s::text[], %s::text[]) AS fresh (id, digest) WHERE o.id = fresh.id",
    ),
)


def waiting() -> int:
    """Passengers and orders without an index whose person has a data key: those who were erased stay without."""
    return sum(
        kind.model._default_manager.filter(
            **{kind.index: "", f"{kind.subject}__in": SubjectKey.objects.values("subject")}
        ).count()
        for kind in _KINDS
    )


def index_people(*, batch: int = BATCH, told: Callable[[int], None] = lambda _: None) -> int:
    """Write the indexes that are missing; returns how many. `told` hears of each batch's number.

    May be interrupted, repeated, and run twice at once. What cannot be read is left, with an alarm in the log.
    """
    return sum(_one_table(kind, batch, told) for kind in _KINDS)


def _one_table(kind: _Kind, batch: int, told: Callable[[int], None]) -> int:
    after, done = "", 0
    while True:
        last, here = retried(partial(_one_batch, kind, after, batch))
        if not last:
            return done
        told(here)
        after, done = last, done + here


def _one_batch(kind: _Kind, after: str, batch: int) -> tuple[str, int]:
    """The last row looked at ("" when there is none left) and how many were given an index."""
    with command():
        without = kind.model._default_manager.filter(**{kind.index: "", "pk__gt": after})
        rows: list[Any] = list(
            without.only(kind.subject, kind.source).select_for_update(no_key=True).order_by("pk")[:batch]
        )
        # Asked once the rows are locked, and not of the memory of this process.
        alive = set(SubjectKey.objects.filter(pk__in=_people(kind, rows)).values_list("pk", flat=True))
        prefetch(alive)
        fresh = {row.pk: digest for row in rows if (digest := _digest(kind, row, alive))}
        with connection.cursor() as cursor:
            cursor.execute(kind.write, [list(fresh), list(fresh.values())])
    return (rows[-1].pk if rows else ""), len(fresh)


def _people(kind: _Kind, rows: Sequence[Any]) -> set[str]:
    return {getattr(row, kind.subject) for row in rows}


def _digest(kind: _Kind, row: Any, alive: set[str]) -> str:
    """The index; "" for somebody erased, and for what cannot be read."""
    if getattr(row, kind.subject) not in alive:
        return ""
    try:
        value = str(getattr(row, kind.source) or "")
    except Unreadable:
        return ""
    return kind.index_of(value) if value else ""
