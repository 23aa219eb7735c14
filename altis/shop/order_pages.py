"""An order as its page shows it: where it stands in words, how long it is held, what may be done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from orders.lifecycle import OrderStatus
from orders.models import Order

HELD, WAITING, GOOD, OVER = "held", "waiting", "good", "over"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands. `mood` is one of the four; `seconds` of the hold are left."""

    mood: str
    title: str
    text: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the simulator."""

    token: str
    name: str
    text: str


CARDS: Final = (
    Card("tok_visa", "Card that works", "The payment goes through at once."),
    Card("tok_pending", "Card that asks its bank", "As with 3-D Secure: the answer comes some seconds later."),
    Card("tok_insufficient_funds", "Card without money", "Declined; you may try another one."),
    Card("tok_declined", "Card that is declined", "Declined; you may try another one."),
    Card("tok_stolen_card", "Card reported stolen", "Refused for good: the booking is cancelled."),
)
TOKENS: Final = frozenset(card.token for card in CARDS)

_KEPT: Final = "This booking cannot be cancelled"
# By what was refused and where the order stands; what is not here the order says by itself.
_TOLD: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("payment_declined", HELD): (
        "The payment was declined",
        "Nothing was charged, and your seats are still held. Choose another card and try again: too many"
        " declines cancel the booking.",
    ),
    ("payment_declined", OVER): ("The payment was declined", "Nothing was charged."),
    ("payment_refused", OVER): (
        "The payment was refused",
        "The card was refused for good, or there were too many declines. Nothing was charged, and the booking is"
        " cancelled.",
    ),
    ("unknown_card", HELD): ("Choose a card", "Choose one of the cards below. Nothing was charged."),
    ("order_not_cancellable", WAITING): (_KEPT, "It is being paid. Wait for the outcome."),
    ("order_not_cancellable", GOOD): (
        _KEPT,
        "It is paid. Only a booking that waits for its payment can be cancelled here.",
    ),
}
_STANDINGS: Final[Mapping[str, Standing]] = {
    OrderStatus.PAYMENT_PENDING: Standing(
        WAITING,
        "Your bank is being asked",
        "Your seats are safe while we wait, also beyond the end of the hold. There is nothing that you have to do.",
    ),
    OrderStatus.PAID: Standing(WAITING, "Paid. Your documents are on their way", "They will be here in a moment."),
    OrderStatus.FULFILLED: Standing(GOOD, "You are ready to fly", "Paid and confirmed. Here are your documents."),
    OrderStatus.ARCHIVED: Standing(GOOD, "This trip is over", "Thank you for flying with us."),
    OrderStatus.CANCELLED: Standing(
        OVER, "This booking is cancelled", "Its seats are for sale again. Search again if you still want to travel."
    ),
}
RELEASED: Final = Standing(
    OVER,
    "The time to pay is over",
    "Your seats were released and nothing was charged. Search again: there may be seats left, at today’s price.",
)
_GIVEN_BACK: Final = "The money goes back to the card that it came from. Search again if you still want to travel."


def standing_of(status: str, *, expires_at: datetime, now: datetime, refunds: Sequence[object] = ()) -> Standing:
    """Where an order of this status stands at an instant of the database's clock."""
    if status == OrderStatus.EXPIRED or (status == OrderStatus.PROPOSED and now >= expires_at):
        return replace(RELEASED, text=_GIVEN_BACK) if refunds else RELEASED
    if status == OrderStatus.CANCELLED and refunds:
        return replace(_STANDINGS[status], text=_GIVEN_BACK)
    if status != OrderStatus.PROPOSED:
        return _STANDINGS[status]
    seconds = int((expires_at - now).total_seconds())
    return Standing(HELD, "Your seats are held", "Pay before the time is over, and they are yours.", seconds)


def line_of(order: Order, *, now: datetime) -> dict[str, Any]:
    """An order in a list: what it is called, where to, when, and where it stands."""
    there = order.slices[0]
    return {
        "id": order.pk,
        "reference": order.reference,
        "origin": there["origin"],
        "destination": there["destination"],
        "departing_at_local": there["segments"][0]["departing_at_local"],
        "standing": standing_of(order.status, expires_at=order.expires_at, now=now, refunds=order.refunds),
    }


def told(code: str, mood: str) -> dict[str, str] | None:
    """What became of a button that was pressed, in words; None where the order itself says it."""
    if (code, mood) not in _TOLD:
        return None
    title, text = _TOLD[code, mood]
    return {"title": title, "text": text}
