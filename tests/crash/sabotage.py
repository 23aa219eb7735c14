"""Safeguards to take away in a forked process, so that the matrix can be seen to fail."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import transaction

from altis.api import claim_rows
from altis.shared.ids import new_id
from altis.shared.money import Money
from altis.store import outbox
from catalog import inventory
from catalog.models import Hold
from orders.models import Order
from orders.services import expire, place
from payments.gateway import RefundResult
from payments.gateways.simulator import SimulatorGateway
from tests.crash import patience


def give_the_token_back_after_the_commit() -> None:
    """Whoever does not know what became of the commit takes it for failed."""
    look_up = place._found_or_unknown

    def careless(order_id: str, error: Exception) -> Order:
        order = look_up(order_id, error)
        held = Hold.objects.filter(order_id=order_id).values_list("inventory_id", flat=True)
        inventory.give_back(held, token=order.offer_id)
        return order

    place._found_or_unknown = careless


def announce_after_the_commit() -> None:
    """Events are written once the change they announce is durable, in a transaction of their own."""
    outbox.record_many = _once_durable(outbox.record_many)
    tell = expire._tell

    def tell_history(moved: Mapping[str, Money]) -> None:
        tell(moved, expire._ENDED + expire._HISTORY)
        _once_durable(tell)(moved, expire._ENDED + expire._EVENT)

    expire._tell = tell_history  # type: ignore[assignment]  # a sabotage


def _once_durable(record: Callable[..., Any]) -> Callable[..., Any]:
    def later(*told: Any, **ids: Any) -> Any:
        transaction.on_commit(partial(transaction.atomic(record), *told, **ids))

    return later


def seal_nothing() -> None:
    """The answer is not kept in the transaction of its effect."""
    claim_rows.answer = lambda *_: None


def refund_under_a_new_key_each_time() -> None:
    """The refund's id is not its key at the gateway."""
    refund = SimulatorGateway.refund

    def forgetful(self: SimulatorGateway, **call: Any) -> RefundResult:
        return refund(self, **{**call, "key": new_id("rfd")})

    SimulatorGateway.refund = forgetful  # type: ignore[method-assign]  # a sabotage


def never_throw_out() -> None:
    """The database bears with a transaction that does nothing."""
    patience.IDLE_MS = 0
