"""The sweep: holds that have ended give their seats back, many orders by few statements."""

import time
from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import F, Q

from altis.shared.actors import system
from altis.shared.ids import new_id
from altis.shared.money import Money
from altis.store.database import DbClock, DbNow, command, retried
from altis.store.failpoints import failpoint
from altis.store.sets import AnyOf, array, go_by_index, move_set
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
# What `Order.told` makes of an order that is loaded. What was sold goes from row to row and never leaves the database.
_ENDED = """
WITH ended AS (
  SELECT o.id, o.version, o.offer_id, o.currency, o.lines, o.payments, o.refunds, named.event, named.total,
         %s AS came_from, %s AS status, %s AS actor, %s AS reason, %s AS topic, %s AS type
    FROM unnest(%s::text[], %s::text[], %s::text[]) AS named(id, event, total) JOIN orders_order AS o USING (id)
)"""
_HISTORY = """
  INSERT INTO orders_orderevent (id, order_id, sequence, from_status, to_status, actor, reason, snapshot)
  SELECT event, id, version, came_from, status, actor, reason,
         jsonb_build_object('payments', payments, 'refunds', refunds)
    FROM ended
"""
_EVENT = """
INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, error)
SELECT event, topic, type, id, version,
       jsonb_build_object('status', status, 'came_from', came_from, 'reason', reason, 'offer_id', offer_id,
                          'total', jsonb_build_object('amount', total, 'currency', currency), 'lines', lines),
       '{}', ''
  FROM ended
"""
_TELL = f"{_ENDED}, history AS ({_HISTORY}) {_EVENT}"


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
        go_by_index()
        due = _lock_due(limit)
        if due:
            failpoint("sweep.after_lock")
            # Told before the gate is: hooks run in the order in which they were asked for.
            transaction.on_commit(lambda: failpoint("sweep.after_commit"))
            still_due = Order.objects.filter(AnyOf(F("pk"), due), expires_at__lte=DbClock())
            move_set(still_due, OrderStatus.EXPIRED, came_from=OrderStatus.PROPOSED, count=len(due))
            _tell(due)
            let_go(list(due), cause=_CAUSE)
            failpoint("sweep.before_commit")
    return len(due)


def _is_alone() -> bool:
    """Whether this transaction is the only one that shall be; the lock ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _lock_due(limit: int) -> dict[str, Money]:
    """The oldest that are due and that nobody has locked: what each costs, by its id."""
    rows = Order.objects.filter(status=OrderStatus.PROPOSED, expires_at__lte=DbNow()).order_by("expires_at")
    locked = rows.select_for_update(skip_locked=True, no_key=True)
    found = locked.values_list("pk", "total_minor", "currency")[:limit]
    return {id: Money(minor, currency) for id, minor, currency in found}


def _tell(moved: Mapping[str, Money], words: str = _TELL) -> None:
    """History and event of each order that was just moved."""
    move = (OrderStatus.PROPOSED, OrderStatus.EXPIRED, str(_CAUSE.actor), _CAUSE.reason)
    names, totals = [new_id("evt") for _ in moved], [f"{total.amount:f}" for total in moved.values()]
    with connection.cursor() as cursor:
        cursor.execute(words, [*move, OrderExpired.topic, OrderExpired.type, *map(array, (moved, names, totals))])
