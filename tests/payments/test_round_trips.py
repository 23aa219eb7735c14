"""What paying costs on the wire, with a gateway that answers at once."""

from typing import Any

import pytest

from altis.shared.actors import Actor
from payments.gateway import ChargeStatus
from tests.clients import ApiClient
from tests.payments.purchases import begin_and_confirm, event, make_order, post_event, told
from tests.payments.simulators import Simulator
from tests.wire import listening

pytestmark = pytest.mark.django_db(transaction=True)
# Begin: key, lock of the caller's own order, and clock; then the lock-in with its COMMIT. The charge is known, COMMIT
# included. Settle: locks, clock and all that belongs to the order; then the sale, the documents and the stored answer
# with the COMMIT.
POSTGRES = 2 + 1 + 2
# BEGIN and time-outs, key, lock, clock; payment, lock-in and its event, COMMIT.
BEGUN = 5 + 4
# BEGIN and time-outs, move, event, COMMIT.
SUBMITTED = 5
# BEGIN and time-outs, two locks, clock, items, holds, passengers, products, keys; then payment and event, items, order
# by one UPDATE, both its events with the documents, holds, ledger, the stored answer, COMMIT.
SETTLED = 10 + 9
# The rate limit, and after the sale the gates.
REDIS = 2


def test_a_payment_is_five_round_trips_to_postgresql_and_two_to_redis(
    owner: ApiClient, owner_actor: Actor, gateway: Simulator, settings: Any
) -> None:
    settings.ALTIS_RATE_LIMITS = "default=9999/60:9999"
    first, second = make_order(owner_actor), make_order(owner_actor)
    owner.pay(first.pk)

    with listening() as wire:
        reply = owner.post(
            f"/v1/orders/{second.pk}/pay", {"payment_method": {"token": "tok_visa"}}, Idempotency_Key="k"
        )

    assert (reply.status_code, reply.json()["status"]) == (200, "FULFILLED")
    assert (wire.round_trips, wire.redis_trips) == (POSTGRES, REDIS)
    assert len(wire.statements) == BEGUN + SUBMITTED + SETTLED


def test_a_webhook_that_tells_nothing_new_is_two_round_trips(owner_actor: Actor, gateway: Simulator) -> None:
    first, second = (begin_and_confirm(make_order(owner_actor)) for _ in range(2))
    for payment in (first, second):
        told(payment, ChargeStatus.SUCCEEDED)
    post_event(event("payment.captured", first))

    with listening() as wire:
        reply = post_event(event("payment.captured", second))

    assert reply.json() == {"outcome": "ignored"}
    # Time-outs, receipt, locks and clock; then the outcome with the COMMIT.
    assert (wire.round_trips, len(wire.statements), wire.redis_trips) == (2, 6 + 2, 0)
