"""What paying costs on the wire, with a gateway that answers at once."""

from typing import Any

import pytest

from altis.shared.actors import Actor
from tests.clients import ApiClient
from tests.payments.purchases import make_order
from tests.payments.simulators import Simulator
from tests.wire import listening

pytestmark = pytest.mark.django_db(transaction=True)
# Whose order it is. Begin: key, lock and clock; then the lock-in with its COMMIT. The charge is known, COMMIT included.
# Settle: lock and clock; what the order holds; the sale with its COMMIT. Issue: the order with all its parts; the
# documents with their COMMIT. The stored answer.
POSTGRES = 1 + 2 + 1 + 3 + 2 + 1
# The rate limit, and after the sale the gates.
REDIS = 2


def test_a_payment_is_ten_round_trips_to_postgresql_and_two_to_redis(
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
