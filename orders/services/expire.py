"""The sweep: holds that have ended give their seats back, many orders by few statements."""

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from orjson import Fragment, dumps

from altis.shared.actors import system
from altis.shared.ids import new_id
from altis.shared.money import Money
from altis.store.database import DbNow, command, retried
from altis.store.failpoints import failpoint
from altis.store.sets import AnyOf, move_set, record_set
from altis.store.transition import move_many
from orders.events import OrderExpired
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.services.cancel import let_go

# So many orders are ended by one transaction: its end keeps buyers waiting who want one of the same inventories.
BATCH = 250
# Far within the limit of a task; whoever is started next goes on.
_LONGEST_SECONDS = 30.0
_SWEEP_LOCK = 0x64756573  # "dues"
_CAUSE = system("sweep", "hold_ended")
_HISTORY = """
INSERT INTO orders_orderevent (id, order_id, sequence, from_status, to_status, actor, reason, at, snapshot)
SELECT e.id, e.order_id, e.sequence, %s, %s, %s, %s, altis_now(), e.snapshot
  FROM jsonb_to_recordset(%s::jsonb) AS e(id text, order_id text, sequence int, snapshot jsonb)
"""


class _Due(NamedTuple):
    """An order whose hold has ended, and what its end will tell; JSON as the database has it."""

    id: str
    offer_id: str
    total_minor: int
    currency: str
    lines: str
    payments: str
    refunds: str


def expire_due(*, limit: int = BATCH, alone: bool = False) -> int:
    """Expire one batch of orders whose hold has ended; returns how many.

    Several sweeps may run at once: each takes rows that no other has locked. Whoever is paying has the row locked or
    has moved the order on, so a sweep never takes an order away from a payer. With `alone`, does nothing while
    another sweep that shall be alone is at work.
    """
    return retried(lambda: _sweep(limit, alone))


def expire_all_due() -> int:
    """Sweep until nothing is due, or for half a minute.

    Of many sweeps that were started one goes on, and the others leave after a batch: a great sweep must not keep
    every worker from its other jobs, and one that hangs must not keep the others from theirs.
    """
    swept = batch = expire_due()
    end = time.monotonic() + _LONGEST_SECONDS
    while batch >= BATCH and time.monotonic() < end:
        batch = expire_due(alone=True)
        swept += batch
    return swept


def expire_locked(order: Order) -> None:
    """Expire one locked order whose hold has ended, in the caller's transaction."""
    move_many([order], OrderStatus.EXPIRED, cause=_CAUSE, only_if=Q(expires_at__lte=DbNow()))
    let_go([order.pk], cause=_CAUSE)


def _sweep(limit: int, alone: bool) -> int:
    with command():
        if alone and not _is_alone():
            return 0
        due = _lock_due(limit)
        if due:
            failpoint("sweep.after_lock")
            # Told before the gate is: hooks run in the order in which they were asked for.
            transaction.on_commit(lambda: failpoint("sweep.after_commit"))
            ids = [order.id for order in due]
            still_due = Order.objects.filter(AnyOf(F("pk"), ids), expires_at__lte=DbNow())
            moved = move_set(still_due, OrderStatus.EXPIRED, came_from=OrderStatus.PROPOSED, count=len(due))
            _tell(due, moved)
            let_go(ids, cause=_CAUSE)
            failpoint("sweep.before_commit")
    return len(due)


def _is_alone() -> bool:
    """Whether this transaction is the only one that shall be; the lock ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _lock_due(limit: int) -> list[_Due]:
    """The oldest that are due and that nobody has locked."""
    rows = Order.objects.filter(status=OrderStatus.PROPOSED, expires_at__lte=DbNow()).order_by("expires_at")
    texts = [Cast(name, TextField()) for name in ("lines", "payments", "refunds")]
    locked = rows.select_for_update(skip_locked=True, no_key=True)
    return [_Due(*row) for row in locked.values_list("pk", "offer_id", "total_minor", "currency", *texts)[:limit]]


def _tell(due: Sequence[_Due], versions: Mapping[str, int]) -> None:
    """History and event of each, as `Order.told` makes them of an order that is loaded."""
    ids = [new_id("evt") for _ in due]
    rows = [
        {
            "id": id,
            "order_id": order.id,
            "sequence": versions[order.id],
            "snapshot": {"payments": Fragment(order.payments), "refunds": Fragment(order.refunds)},
        }
        for id, order in zip(ids, due, strict=True)
    ]
    move = (OrderStatus.PROPOSED, OrderStatus.EXPIRED, str(_CAUSE.actor), _CAUSE.reason)
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [*move, dumps(rows).decode()])
    record_set([_event(order, versions[order.id]) for order in due], ids=ids)


def _event(order: _Due, version: int) -> OrderExpired:
    return OrderExpired(
        subject=order.id,
        sequence=version,
        status=OrderStatus.EXPIRED,
        came_from=OrderStatus.PROPOSED,
        reason=_CAUSE.reason,
        offer_id=order.offer_id,
        total=Money(order.total_minor, order.currency),
        # As text: nobody here reads what was sold.
        lines=Fragment(order.lines),  # type: ignore[arg-type]  # stands for the list that it is the JSON of
    )
