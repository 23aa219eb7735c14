"""What the gateway says becomes what we say: `payments/services/outcome.py`, and who else moves the order."""

from orders.lifecycle import OrderStatus
from payments.lifecycle import PaymentStatus
from tests.models.payment_world import OPEN, TAKEN, Attempt, Guards, Intent, Seat, World

_O, _P = OrderStatus, PaymentStatus


def apply(world: World, who: int, said: Intent, guards: Guards) -> World:
    """One transaction, with the order's row locked: the same for the API's answer, a webhook and the janitor."""
    attempt = world.attempts[who]
    if said in TAKEN:
        return _succeed(world, who, said, guards)
    if said not in OPEN:
        return _decline(world, who, said) if attempt.undecided else world
    if attempt.status in (_P.CREATED, _P.SUBMITTED):
        return world.put(who, attempt._replace(status=_P.UNKNOWN))
    return world


def let_go(world: World, to: OrderStatus) -> World:
    """The order ends unpaid, and its seat is for sale again."""
    return world._replace(order=to, seat=Seat.RELEASED)


def _succeed(world: World, who: int, said: Intent, guards: Guards) -> World:
    attempt = world.attempts[who]
    told_before = not (attempt.undecided or attempt.status is _P.DECLINED)
    if told_before and attempt.status is not _P.SUCCEEDED and not guards.refund_once:
        return _send_back(world, who, attempt, guards)
    if told_before:
        return world
    if said is Intent.CAPTURED_WRONG and guards.amounts:
        return _send_back(world, who, attempt, guards)
    waits = world.order is _O.PAYMENT_PENDING or (world.order is _O.PROPOSED and not guards.lock_in)
    mine = waits and attempt.undecided
    late = world.order is _O.PROPOSED and attempt.status is _P.DECLINED
    if not (mine or late) and guards.order_checked:
        return _send_back(world, who, attempt, guards)
    sold = Seat.SOLD if world.seat is Seat.HELD else world.seat
    return world.put(who, attempt.now(_P.SUCCEEDED))._replace(order=_O.PAID, seat=sold)


def _decline(world: World, who: int, said: Intent) -> World:
    declined = world.put(who, world.attempts[who].now(_P.DECLINED))
    if said is Intent.REFUSED and world.order in (_O.PAYMENT_PENDING, _O.PROPOSED):
        return let_go(declined, _O.CANCELLED)
    return declined._replace(order=_O.PROPOSED) if world.order is _O.PAYMENT_PENDING else declined


def _send_back(world: World, who: int, attempt: Attempt, guards: Guards) -> World:
    if not guards.late_refund:
        return world
    was_mine = world.order is _O.PAYMENT_PENDING and attempt.undecided
    back = attempt.now(_P.REFUND_PENDING)._replace(refunds=min(attempt.refunds + 1, 2))
    return world.put(who, back)._replace(order=_O.PROPOSED if was_mine else world.order)
