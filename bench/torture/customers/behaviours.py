"""What customers do with an offer, each with its weight. The judge knows none of them: it reads the history."""

from collections.abc import Callable, Mapping
from typing import Final

from bench.torture.customers.shopper import Json, Shopper

Behaviour = Callable[[Shopper, Json], None]
_VISA, _OPEN = "tok_visa", 202


def buy(me: Shopper, offer: Json) -> None:
    """Accept and pay."""
    if order := me.accept(offer):
        me.pay(order, _VISA)


def walk_away(me: Shopper, offer: Json) -> None:
    """Accept and never come back."""
    me.accept(offer)


def change_their_mind(me: Shopper, offer: Json) -> None:
    """Accept and cancel."""
    if order := me.accept(offer):
        me.cancel(order)


def accept_twice(me: Shopper, offer: Json) -> None:
    """Two clicks at once under one key: one order, the same bytes."""
    key = me.new_key()
    me.at_once(lambda: me.accept(offer, key=key), lambda: me.accept(offer, key=key))


def accept_in_two_windows(me: Shopper, offer: Json) -> None:
    """Two keys at once: one order, and one refusal; whoever got it pays."""
    orders = [order for order in me.at_once(lambda: me.accept(offer), lambda: me.accept(offer)) if order]
    if orders:
        me.pay(orders[0], _VISA)


def pay_twice(me: Shopper, offer: Json) -> None:
    """Two clicks at once under one key: one capture."""
    if order := me.accept(offer):
        key = me.new_key()
        me.at_once(lambda: me.pay(order, _VISA, key=key), lambda: me.pay(order, _VISA, key=key))


def pay_in_two_windows(me: Shopper, offer: Json) -> None:
    """Two keys at once: one capture and one refusal."""
    if order := me.accept(offer):
        me.at_once(lambda: me.pay(order, _VISA), lambda: me.pay(order, _VISA))


def cancel_while_paying(me: Shopper, offer: Json) -> None:
    """One of the two wins."""
    if order := me.accept(offer):
        me.at_once(lambda: me.pay(order, _VISA), lambda: me.cancel(order))


def pay_after_cancelling(me: Shopper, offer: Json) -> None:
    """Must be refused."""
    if (order := me.accept(offer)) and me.cancel(order).ok:
        me.pay(order, _VISA)


def try_another_card(me: Shopper, offer: Json) -> None:
    """A decline leaves the order as it was."""
    if order := me.accept(offer):
        me.pay(order, me.rng.choice(["tok_declined", "tok_insufficient_funds"]))
        me.pay(order, _VISA)


def use_a_stolen_card(me: Shopper, offer: Json) -> None:
    """Ends the order; another card comes too late."""
    if order := me.accept(offer):
        me.pay(order, "tok_stolen_card")
        me.pay(order, _VISA)


def wait_for_the_bank(me: Shopper, offer: Json) -> None:
    """An open answer: the order is read until it has moved, and the same click then has its answer."""
    if order := me.accept(offer):
        key = me.new_key()
        if me.pay(order, "tok_pending", key=key).status == _OPEN:
            me.follow(order)
            me.pay(order, "tok_pending", key=key)


def lose_the_answer(me: Shopper, offer: Json) -> None:
    """The bank captures and is silent."""
    if (order := me.accept(offer)) and me.pay(order, "tok_timeout").status == _OPEN:
        me.follow(order)


def meet_a_broken_bank(me: Shopper, offer: Json) -> None:
    """Nothing was charged, and it takes the janitor to find out."""
    if (order := me.accept(offer)) and me.pay(order, "tok_error").status == _OPEN and me.rng.random() < 0.5:  # noqa: PLR2004 (half of them)
        me.follow(order)
        me.pay(order, _VISA)


def reject(me: Shopper, offer: Json) -> None:
    """Reject, then try to accept all the same."""
    me.reject(offer)
    me.accept(offer)


def reject_while_accepting(me: Shopper, offer: Json) -> None:
    """One of the two wins."""
    me.at_once(lambda: me.reject(offer), lambda: me.accept(offer))


def ask_again_later(me: Shopper, offer: Json) -> None:
    """Repeat an old request under its key, and read an old order."""
    me.accept(offer)
    me.repeat_an_old_request()
    me.read_an_old_order()


BEHAVIOURS: Final[Mapping[Behaviour, int]] = {
    buy: 38,
    walk_away: 22,
    change_their_mind: 12,
    accept_twice: 4,
    accept_in_two_windows: 4,
    pay_twice: 3,
    pay_in_two_windows: 3,
    cancel_while_paying: 3,
    pay_after_cancelling: 2,
    try_another_card: 4,
    use_a_stolen_card: 3,
    wait_for_the_bank: 3,
    lose_the_answer: 1,
    meet_a_broken_bank: 1,
    reject: 2,
    reject_while_accepting: 2,
    ask_again_later: 4,
}
