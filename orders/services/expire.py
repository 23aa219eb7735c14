"""The sweep: holds that have ended give their seats back."""

from django.db import transaction
from django.db.models import Q

from altis.shared.actors import system
from altis.store.database import DbNow, command, retried
from altis.store.failpoints import failpoint
from altis.store.transition import move_many
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.services.cancel import let_go

BATCH = 200
_CAUSE = system("sweep", "hold_ended")


def expire_due(*, limit: int = BATCH) -> int:
    """Expire one batch of orders whose hold has ended; returns how many.

    Several sweeps may run at once: each takes rows that no other has locked. Whoever is paying has the row locked or
    has moved the order on, so a sweep never takes an order away from a payer.
    """
    return retried(lambda: _sweep(limit))


def expire_all_due() -> int:
    """Sweep until nothing is due."""
    swept = 0
    while batch := expire_due():
        swept += batch
        if batch < BATCH:
            break
    return swept


def expire_locked(order: Order) -> None:
    """Expire one locked order whose hold has ended, in the caller's transaction."""
    move_many([order], OrderStatus.EXPIRED, cause=_CAUSE, only_if=Q(expires_at__lte=DbNow()))
    let_go([order.pk], cause=_CAUSE)


def _sweep(limit: int) -> int:
    with command():
        due = list(
            Order.objects.filter(status=OrderStatus.PROPOSED, expires_at__lte=DbNow())
            .order_by("expires_at")
            .select_for_update(skip_locked=True, no_key=True)[:limit]
        )
        if due:
            failpoint("sweep.after_lock")
            # Told before the gate is: hooks run in the order in which they were asked for.
            transaction.on_commit(lambda: failpoint("sweep.after_commit"))
            move_many(due, OrderStatus.EXPIRED, cause=_CAUSE, only_if=Q(expires_at__lte=DbNow()))
            let_go([order.pk for order in due], cause=_CAUSE)
            failpoint("sweep.before_commit")
    return len(due)
