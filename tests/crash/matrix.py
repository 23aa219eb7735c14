"""The 30 points: what is left behind when a process dies there, and what its caller hears instead.

| column | means |
|---|---|
| left | what stands in the books right after the strike, in the words of the scene's `state()` |
| fails | what the caller hears when the point fails: the status of the reply, or what the job ends with |
| again | what the caller hears who repeats the operation at once |
| wakes | what a process says that hung there until everybody else had gone on without it |
| locks | whether it holds rows, or leads; then the database throws a hanging one out |
"""

from dataclasses import dataclass
from typing import Final

from tests.crash.paying import GiveBack, Hook, JanitorFences, JanitorFinds, Pay
from tests.crash.scenes import Accept, Relay, Scene, Sweep
from tests.crash.staff import GivesUp, Moves
from tests.crash.worker import Said

ACTIONS: Final = ("kill9", "raise", "hang")


@dataclass(frozen=True)
class Point:
    """One row."""

    name: str
    scene: type[Scene]
    left: str
    fails: Said
    again: Said
    wakes: Said
    locks: bool = False
    mended: str = ""  # instead of `left`, where who fails tries again by itself


_PENDING = "PAYMENT_PENDING SUBMITTED"
_CAPTURED = f"{_PENDING} captured"
_PAID = "PAID SUCCEEDED captured"
_ISSUED = "FULFILLED SUCCEEDED captured"
_OWED = "CANCELLED REFUND_PENDING PENDING"
_HELD, _EXPIRED = "PROPOSED PROPOSED", "EXPIRED EXPIRED"

MATRIX: Final = (
    # An offer is accepted. Nobody knows whether the first call got through, so the second has the same key.
    Point("accept.before_gate", Accept, "", 503, 201, 201),
    Point("accept.after_gate", Accept, "", 503, 201, 201),
    Point("accept.after_idem", Accept, "", 503, 201, 503, locks=True),
    Point("accept.after_offer", Accept, "", 503, 201, 503, locks=True),
    # What comes now goes with the commit, so it is the commit that fails: the order is looked up, and the reply is the
    # one that the repeated call was given.
    Point("accept.after_order", Accept, "", 503, 201, 201, locks=True),
    Point("accept.after_ledger", Accept, "", 503, 201, 201, locks=True),
    Point("accept.before_commit", Accept, "", 503, 201, 201, locks=True),
    # The order stands, whatever the call meets from now on: so it is told, or replayed from under its key.
    Point("accept.after_commit", Accept, "PROPOSED", 201, 201, 201),
    Point("accept.after_settle", Accept, "PROPOSED", 201, 201, 201),
    # Until the janitor has decided, a repeated call is told to wait; fenced before it was confirmed, it is declined.
    Point("pay.after_lockin", Pay, "PAYMENT_PENDING CREATED", 503, 409, 402),
    Point("pay.before_confirm", Pay, _PENDING, 503, 409, 402),
    Point("pay.after_confirm", Pay, _CAPTURED, 503, 409, 200),
    Point("pay.before_commit2", Pay, _CAPTURED, 503, 409, 503, locks=True),
    # The answer is kept with the outcome, so it is told whatever the call meets from now on.
    Point("pay.after_commit2", Pay, _ISSUED, 200, 200, 200),
    # The gateway hears anything but 200, and delivers again.
    Point("hook.after_verify", Hook, _CAPTURED, 503, 200, 200),
    Point("hook.after_insert", Hook, _CAPTURED, 503, 200, 503, locks=True),
    Point("hook.before_commit", Hook, _CAPTURED, 503, 200, 503, locks=True),
    Point("hook.after_commit", Hook, _PAID, 503, 200, 200),
    # The next sweep does what the last one has not: both orders, or none.
    Point("sweep.after_lock", Sweep, _HELD, "FailpointHit", "did 2", "OperationalError", locks=True),
    Point("sweep.before_commit", Sweep, _HELD, "FailpointHit", "did 2", "OperationalError", locks=True),
    Point("sweep.after_commit", Sweep, _EXPIRED, "FailpointHit", "did 0", "did 2"),
    # Another relay takes over. What was published and not marked is published twice, under one id.
    Point("relay.after_read", Relay, "waiting", "ended", "published", "ended", locks=True, mended="published"),
    Point("relay.after_produce", Relay, "waiting", "ended", "published", "ended", locks=True, mended="published"),
    Point("relay.before_mark", Relay, "waiting", "ended", "published", "ended", locks=True, mended="published"),
    # A row that breaks its round is due again after a pause.
    Point("janitor.after_cancel", JanitorFences, _PENDING, "did 0", "did 1", "did 1"),
    Point("janitor.before_commit", JanitorFinds, _CAPTURED, "did 0", "did 1", "did 0", locks=True),
    # The refund's id is its key at the gateway, so the second call is the first one's.
    Point("refund.before_call", GiveBack, _OWED, "did 0", "did 1", "did 1"),
    Point("refund.after_call", GiveBack, f"{_OWED} 200.00", "did 0", "did 1", "did 1"),
    # All of it is one transaction: a member of staff who heard nothing does it again.
    Point(
        "give_back.before_commit", GivesUp, "FULFILLED", "FailpointHit", "did CANCELLED", "OperationalError", locks=True
    ),
    Point(
        "rebook.before_commit", Moves, "FULFILLED 0", "FailpointHit", "did FULFILLED", "OperationalError", locks=True
    ),
)
