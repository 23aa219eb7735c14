"""The payment protocol (docs/holds.md): lock in, charge, settle; whatever dies on the way, every attempt ends.

Each step is one transaction of ours or one call at the gateway. Between any two of them everybody else's may come: the
gateway's own decisions, webhooks in any order, the janitor, the refund worker, the sweep, the customer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from orders.lifecycle import OrderStatus
from payments.lifecycle import PaymentStatus
from tests.models.payment_outcome import apply, let_go
from tests.models.payment_world import OPEN, TAKEN, Attempt, Guards, Intent, Scenario, Seat, Step, World

_O, _P, _I = OrderStatus, PaymentStatus, Intent
_SEAT_OF = {_O.PAID: Seat.SOLD, _O.EXPIRED: Seat.RELEASED, _O.CANCELLED: Seat.RELEASED}
_ENDS = {_P.SUCCEEDED, _P.DECLINED, _P.REFUNDED, None}

Moves = Iterator[tuple[str, World]]
Alone = list[tuple[str, Attempt]]  # steps that change the attempt alone
Told = list[tuple[str, Intent, Attempt]]  # steps that apply what was heard: what, and the attempt before it is applied


@dataclass(frozen=True, slots=True)
class Payment:
    """A model for the explorer."""

    scenario: Scenario = Scenario()
    guards: Guards = Guards()
    _known: dict[tuple[int, Attempt], tuple[Alone, Told]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def first(self) -> World:
        """An order that waits for its payment."""
        return World(_O.PROPOSED, (Attempt(),) * self.scenario.attempts)

    def moves(self, world: World) -> Moves:
        """Every step of everybody. Faults are steps like others: any call may get lost, any process die."""
        yield from self._clock_and_customer(world)
        if self.scenario.staff:
            yield from self._staff(world)
        for who, attempt in enumerate(world.attempts):
            if attempt.status is None:
                break
            alone, told = self._steps_of(who, attempt)
            for step, after in alone:
                yield step, world.put(who, after)
            for step, said, after in told:
                yield step, apply(world.put(who, after), who, said, self.guards)

    def broken(self, world: World) -> str:
        """The invariants of money and holds that are true at every instant."""
        return next((promise for promise, is_broken in self._promises(world) if is_broken), "")

    def _promises(self, world: World) -> Iterator[tuple[str, bool]]:
        attempts, order = world.attempts, world.order
        undecided = sum(attempt.undecided for attempt in attempts)
        paid = [attempt for attempt in attempts if attempt.status is _P.SUCCEEDED]
        given_away = order in (_O.EXPIRED, _O.CANCELLED)
        yield "the seat is given away while a payment is undecided", given_away and undecided > 0
        if self.guards.lock_in:
            locked_in = order is _O.PAYMENT_PENDING
            yield "locked in without a payment, or paying without the lock", locked_in != (undecided == 1)
        yield "paid, and the seat was given away", world.seat is not _SEAT_OF.get(order, Seat.HELD)
        yield "paid without a payment, or with two", (order is _O.PAID) != (len(paid) == 1)
        yield "paid with another amount", any(attempt.intent is not _I.CAPTURED for attempt in paid)
        if not self.scenario.sloppy:
            charges = sum(attempt.intent is _I.CAPTURED for attempt in attempts)
            yield "the customer is charged twice", charges > 1
        yield "more was given back than was taken", any(attempt.given_back > 1 for attempt in attempts)

    def at_rest(self, world: World) -> bool:
        """Nobody is in the middle of anything."""
        return not any(attempt.busy for attempt in world.attempts)

    def broken_at_rest(self, world: World) -> str:
        """After the janitor, the refund worker and the sweep, every cent has its place."""
        world = self.repaired(world)
        if world.order in (_O.PROPOSED, _O.PAYMENT_PENDING) or any(a.status not in _ENDS for a in world.attempts):
            return "it never ends"
        for attempt in world.attempts:
            kept = attempt.intent in TAKEN and attempt.given_back == 0
            if kept != (attempt.status is _P.SUCCEEDED):
                return "money was taken for nothing"
        return ""

    def repaired(self, world: World) -> World:
        """All deadlines pass; the periodic jobs run until they find nothing, and nothing fails any more.

        What the gateway was left to capture, it then captures.
        """
        world = world._replace(late=True, attempts=tuple(a._replace(due=True) for a in world.attempts))
        world = self._mended_for_good(world)
        captured = tuple(a.decided_as(_I.CAPTURED) if a.intent is _I.PENDING else a for a in world.attempts)
        return self._mended_for_good(world._replace(attempts=captured))

    def _mended_for_good(self, world: World) -> World:
        while (after := self._mended(world)) != world:
            world = after
        return world

    def _mended(self, world: World) -> World:
        """One round of each job over each attempt."""
        for who in range(len(world.attempts)):
            for event in self._outstanding(world.attempts[who]):
                attempt = world.attempts[who]
                received = attempt._replace(receipts=attempt.receipts | {event})
                world = apply(world.put(who, received), who, event, self.guards)
            for job in (self._janitor, self._refund_worker):
                for _, after in job(world.attempts[who]):
                    world = world.put(who, after)
            for _, said, after in _applied_by_janitor(world.attempts[who]):
                world = apply(world.put(who, after), who, said, self.guards)
        return let_go(world, _O.EXPIRED) if world.order is _O.PROPOSED else world

    def _outstanding(self, attempt: Attempt) -> list[Intent]:
        """Webhooks that must arrive at last: none, where the gateway can be asked instead."""
        return sorted(attempt.events - attempt.receipts) if self.scenario.arrive else []

    def _clock_and_customer(self, world: World) -> Moves:
        if world.order is _O.PROPOSED and world.late:
            yield "the sweep expires the order", let_go(world, _O.EXPIRED)
        elif world.order is _O.PROPOSED:
            yield "the customer cancels", let_go(world, _O.CANCELLED)
            fresh = next((n for n, attempt in enumerate(world.attempts) if attempt.status is None), None)
            if fresh is not None and not any(attempt.live for attempt in world.attempts):
                begun = world.put(fresh, Attempt(_P.CREATED, step=Step.CREATE))
                order = _O.PAYMENT_PENDING if self.guards.lock_in else world.order
                yield f"{fresh + 1}: begins", begun._replace(order=order)
        if not world.late:
            yield "30 minutes are over", world._replace(late=True)

    def _staff(self, world: World) -> Moves:
        """`payments/services/give_back.py`: one transaction, with the rows of order and payment locked."""
        for who, attempt in enumerate(world.attempts):
            pays = world.order is _O.PAID and attempt.status is _P.SUCCEEDED
            again = not self.guards.given_once and attempt.status in (_P.REFUND_PENDING, _P.REFUNDED)
            if pays or again:
                back = attempt.now(_P.REFUND_PENDING)._replace(refunds=min(attempt.refunds + 1, 2))
                yield "staff give the money back", let_go(world.put(who, back), _O.CANCELLED)

    def _steps_of(self, who: int, attempt: Attempt) -> tuple[Alone, Told]:
        """They depend on nothing else, so they are found once for each attempt."""
        if (who, attempt) not in self._known:
            alone = [(f"{who + 1}: {step}", after) for step, after in self._alone(attempt)]
            told = [(f"{who + 1}: {step}", said, after) for step, said, after in self._told(attempt)]
            self._known[who, attempt] = alone, told
        return self._known[who, attempt]

    def _alone(self, attempt: Attempt) -> Iterator[tuple[str, Attempt]]:
        yield from _payer(attempt)
        yield from _gateway(attempt, self.scenario)
        yield from self._janitor(attempt)
        yield from self._refund_worker(attempt)
        if attempt.undecided and not attempt.due:
            yield "2 minutes are over", attempt._replace(due=True)
        if attempt.step is not Step.OVER:
            yield "the request dies", attempt._replace(step=Step.OVER, heard=_I.NONE)
        if attempt.janitor is not None:
            yield "the janitor dies", attempt._replace(janitor=None)
        if attempt.sending:
            yield "the refund worker dies", attempt._replace(sending=False)

    def _told(self, attempt: Attempt) -> Iterator[tuple[str, Intent, Attempt]]:
        if attempt.step is Step.SETTLE:
            yield "the request settles", attempt.heard, attempt._replace(step=Step.OVER, heard=_I.NONE)
        yield from _webhooks(attempt, self.guards)
        yield from _applied_by_janitor(attempt)

    def _janitor(self, attempt: Attempt) -> Iterator[tuple[str, Attempt]]:
        if not attempt.undecided or attempt.janitor is not None:
            return
        if attempt.named and not attempt.due and attempt.intent not in OPEN:
            yield "the janitor asks", attempt._replace(janitor=attempt.intent)
        elif attempt.due and not self.guards.fence:
            # "Not captured yet" is taken for "will not be captured".
            said = _I.CANCELLED if attempt.intent in OPEN else attempt.intent
            yield "the janitor reads", attempt._replace(janitor=said)
        elif attempt.due and not attempt.named:
            intent = _I.CREATED if attempt.intent is _I.NONE else attempt.intent
            yield "the janitor finds the intent", _submitted(attempt)._replace(intent=intent)
        elif attempt.due:
            fenced = attempt.decided_as(_I.CANCELLED) if attempt.intent in OPEN else attempt
            yield "the janitor fences", fenced._replace(janitor=fenced.intent)

    def _refund_worker(self, attempt: Attempt) -> Iterator[tuple[str, Attempt]]:
        if attempt.sending:
            settled = attempt._replace(sending=False, refunded=attempt.refunded + 1, status=_P.REFUNDED)
            yield "the refund is settled", settled
        elif attempt.refunded < attempt.refunds:
            again = attempt.given_back + 1
            paid = max(attempt.given_back, attempt.refunded + 1) if self.guards.refund_key else again
            yield "the gateway pays the refund", attempt._replace(sending=True, given_back=paid)


def _payer(attempt: Attempt) -> Iterator[tuple[str, Attempt]]:
    """`payments/services/pay.py`, from the first call on."""
    unheard = attempt._replace(step=Step.SETTLE, heard=_I.NONE)
    match attempt.step:
        case Step.CREATE:
            intent = _I.CREATED if attempt.intent is _I.NONE else attempt.intent
            yield "an intent is created", attempt._replace(step=Step.SUBMIT, intent=intent, heard=intent)
            yield "an intent is created, the answer lost", unheard._replace(intent=intent)
            yield "the call to create is lost", unheard
        case Step.SUBMIT:
            step = Step.CONFIRM if attempt.heard in OPEN else Step.SETTLE
            yield "the intent is written down", _submitted(attempt)._replace(step=step)
        case Step.CONFIRM:
            yield "confirms", attempt._replace(step=Step.LISTEN, heard=_I.NONE, flying=True)
        case Step.LISTEN:
            yield "the request hears nothing", unheard


def _gateway(attempt: Attempt, scenario: Scenario) -> Iterator[tuple[str, Attempt]]:
    """What the gateway does with our call to confirm, and by itself."""
    if attempt.flying:
        landed = attempt._replace(flying=False)
        yield "the call to confirm is lost", landed
        for intent in scenario.outcomes if attempt.intent is _I.CREATED else (attempt.intent,):
            after = landed if intent is attempt.intent else landed.decided_as(intent)
            step = f"the gateway says {intent.said}"
            yield step, after
            if attempt.step is Step.LISTEN:
                yield f"{step}, and is heard", after._replace(step=Step.SETTLE, heard=intent)
    if attempt.intent is _I.PENDING or (scenario.sloppy and attempt.intent is _I.DECLINED):
        yield "the gateway captures late", attempt.decided_as(_I.CAPTURED)


def _webhooks(attempt: Attempt, guards: Guards) -> Iterator[tuple[str, Intent, Attempt]]:
    for event in sorted(attempt.events - attempt.receipts):
        received = attempt._replace(receipts=attempt.receipts | {event}) if guards.receipts else attempt
        yield f"a webhook says {event.said}", event, received


def _applied_by_janitor(attempt: Attempt) -> Iterator[tuple[str, Intent, Attempt]]:
    if attempt.janitor is not None:
        yield "the janitor applies it", attempt.janitor, attempt._replace(janitor=None)


def _submitted(attempt: Attempt) -> Attempt:
    """The intent's name is written into our row, whatever has become of it meanwhile."""
    status = _P.SUBMITTED if attempt.status is _P.CREATED else attempt.status
    return attempt._replace(status=status, named=True)
