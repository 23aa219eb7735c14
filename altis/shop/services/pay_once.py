"""Paying from a form: once, however often its button is pressed."""

from http import HTTPStatus
from typing import Final

import orjson

from altis.api.claim_rows import Slot
from altis.api.idempotency import ClaimScope
from altis.api.replies import Replay, Reply
from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store.claims import InProgress
from orders.api.presenters import present_order
from orders.errors import OrderGone, OrderNotPayable, PaymentInProgress
from payments.errors import PaymentDeclined, PaymentRefused
from payments.services.pay import pay_order

# What the order's own page can tell, beside the order as it then stands.
TOLD: Final[tuple[type[AltisError], ...]] = (
    PaymentDeclined,
    PaymentRefused,
    OrderGone,
    OrderNotPayable,
    PaymentInProgress,
    InProgress,
)


def pay_once(*, order_id: str, token: str, actor: Actor, key: str) -> str:
    """Pay the actor's order; returns "" when it was taken on, else the code of the refusal.

    `key` is that of the form: with the same token it gives the same answer again, and charges nothing. Raises
    OrderNotFound, InvalidKey, and what keeps anybody from knowing the outcome.
    """
    slot = Slot.of(
        principal=actor.id,
        method="POST",
        path=f"/orders/{order_id}/pay",
        # Another card from the same form is another attempt, not a key used twice.
        key=f"{key}/{token}",
        body=token.encode(),
    )
    scope = ClaimScope(slot=slot, status=HTTPStatus.OK, render=present_order)
    try:
        with scope:
            pay_order(order_id=order_id, token=token, actor=actor, claim=scope)
    except Replay as kept:
        return _code_of(kept.reply)
    except TOLD as refusal:
        return refusal.code
    return ""


def _code_of(reply: Reply) -> str:
    return "" if reply.status < HTTPStatus.BAD_REQUEST else str(orjson.loads(reply.body)["code"])
