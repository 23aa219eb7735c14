"""Accepting an offer: claim it, hold what it needs, write the order. All of it, or nothing.

The steps are those of docs/holds.md: the gate before the transaction, the ledger as the last statement in it, the gate
told after the commit. When the outcome of the commit itself is unknown, the order is looked up by its id on a new
connection, and the token is never given back.
"""

from collections.abc import Callable, Sequence
from datetime import date

import structlog
from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from psycopg.errors import UniqueViolation

from altis.privacy.keys import ask_for, make_for
from altis.shared.actors import Actor, Cause
from altis.shared.errors import Unavailable
from altis.shared.ids import new_reference
from altis.store.claims import NO_CLAIM, Claim
from altis.store.database import command, retried
from altis.store.failpoints import failpoint
from altis.store.making import make
from altis.store.rows import insert
from altis.store.statements import was_answered
from altis.store.transition import begin, begin_many
from altis.telemetry import metrics
from catalog.errors import SeatTaken, SoldOut
from catalog.models import SeatAssignment
from catalog.services.holds import GatePass, correct_gate, enter_gate, hold_units
from offers.documents import OfferDocument
from offers.selectors import open_offer, refuse_decided
from offers.services.claim import claim_offer
from orders.models import Order
from orders.placing import Contact, Extra, Traveller, check_travellers
from orders.services.draft import Draft, draft_order, hold_until
from orders.services.extras import extra_items
from orders.services.limits import check_open_holds, counts_in_turn
from orders.services.owner import check_owner

log = structlog.get_logger(__name__)
_REFERENCE_DRAWS = 5


class OutcomeUnknown(Unavailable):
    """The commit was sent and its answer was lost; the same call with the same key tells what became of it."""

    message = "The outcome is not known yet. Repeat the request with the same Idempotency-Key."


def place_order(
    *,
    offer_id: str,
    travellers: Sequence[Traveller],
    contact: Contact,
    extras: Sequence[Extra] = (),
    actor: Actor,
    client: str = "",
    claim: Claim = NO_CLAIM,
) -> Order:
    """Turn an active offer into a PROPOSED order whose seats are held for 30 minutes.

    Raises OfferNotFound, OfferExpired, OfferAlreadyAccepted, OfferCancelled, SoldOut, SeatTaken, TooManyHolds,
    or an Invalid that names the entry of the request. After any refusal nothing is held and nothing is written.
    """
    document = open_offer(offer_id)
    departs_on = date.fromisoformat(document.segments[0].departing_at_local[:10])
    check_travellers([passenger.type for passenger in document.passengers], travellers, departs_on=departs_on)
    draft = draft_order(
        document,
        travellers=travellers,
        contact=contact,
        extras=extras,
        extra_items=extra_items(document, extras, first_position=len(document.items)),
        owner=actor,
        client=client,
    )
    cause = Cause(actor, "offer_accepted")
    failpoint("accept.before_gate")
    gate = _enter_gate(draft, offer_id)
    return _commit(draft, document, gate, cause=cause, claim=claim)


def _enter_gate(draft: Draft, offer_id: str) -> GatePass:
    """Whoever finds the gate shut because the offer was taken before is told so; raises SoldOut otherwise."""
    try:
        return enter_gate(draft.units(), token=offer_id)
    except SoldOut:
        refuse_decided(offer_id)
        raise


def _commit(draft: Draft, document: OfferDocument, gate: GatePass, *, cause: Cause, claim: Claim) -> Order:
    written = False

    def work() -> None:
        nonlocal written
        written = False
        with command():
            _write(draft, document, cause=cause, claim=claim)
            written = True

    try:
        failpoint("accept.after_gate")
        with metrics.order_creation.time():
            with_free_reference(draft.order, lambda: retried(work))
    except SoldOut:
        correct_gate(list(draft.units()), token=gate.token)
        raise
    except Exception as error:
        if written and not was_answered(error):
            return _found_or_unknown(draft.order.pk, error)
        if isinstance(error, DatabaseError | InterfaceError):
            gate.give_back()
        else:
            # A twin that shares the token may have committed: the gate is told what the ledger says, not less.
            correct_gate(gate.mine, token=gate.token)
        raise
    failpoint("accept.after_settle")
    return draft.order


def _write(draft: Draft, document: OfferDocument, *, cause: Cause, claim: Claim) -> None:
    order = draft.order
    # Told before anything else is: hooks run in the order in which they were asked for.
    transaction.on_commit(lambda: failpoint("accept.after_commit"))
    claim.open(resource=order.pk)
    failpoint("accept.after_idem")
    check_owner(order.owner_id, in_turn=counts_in_turn())
    check_open_holds(owner_id=order.owner_id, client=order.client)
    offer = claim_offer(document=document, cause=cause)
    failpoint("accept.after_offer")
    ask_for([order.owner_id])
    # The first answer: whatever stands above is sent, judged and perhaps refused here, in one round trip. The rest goes
    # with the commit.
    order.created_at = offer.clock()
    order.expires_at = hold_until(document, order.created_at)
    make_for(passenger.id for passenger in draft.passengers)
    begin(order, cause=cause)
    insert(draft.passengers)
    begin_many(draft.items, cause=cause)
    _assign_seats(draft)
    failpoint("accept.after_order")
    hold_units(order_id=order.pk, needs=draft.needs(), token=document.id, cause=cause)
    failpoint("accept.after_ledger")
    claim.seal(order)
    failpoint("accept.before_commit")


def _assign_seats(draft: Draft) -> None:
    seats = [
        make(
            SeatAssignment,
            flight_id=item.flight_id,
            seat=item.seat,
            order_id=draft.order.pk,
            item_id=item.pk,
            passenger_id=item.passenger_id,
        )
        for item in draft.items
        if item.seat
    ]
    insert(seats, refusals={"seat_sold_once": SeatTaken})


def with_free_reference(order: Order, work: Callable[[], None]) -> None:
    """Run the command again under another reference while the drawn one belongs to another order."""
    taken = None
    for _ in range(_REFERENCE_DRAWS):
        try:
            return work()
        except IntegrityError as error:
            cause = error.__cause__
            if not isinstance(cause, UniqueViolation) or cause.diag.constraint_name != "order_reference_once":
                raise
            order.reference, taken = new_reference(), error
    raise Unavailable(retry_after=1) from taken


def _found_or_unknown(order_id: str, error: Exception) -> Order:
    log.error("commit unanswered", order_id=order_id, error=type(error).__name__)
    connection.close()
    try:
        order = Order.objects.filter(pk=order_id).first()
    except (OperationalError, InterfaceError):
        order = None
    if order is None:
        raise OutcomeUnknown(retry_after=settings.ALTIS_GATE_TOKEN_SECONDS) from error
    return order
