"""H1: what a client was told is still true at the end, and at every later look."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from bench.torture.books import PAID_OR_LATER, Books, OrderRow
from bench.torture.history import OK, Call
from bench.torture.verdict import Verdict, Violation, shown

_NOT_FOUND: Final = 404
_ENDS: Final = frozenset({"EXPIRED", "CANCELLED"})


def acknowledged(calls: Sequence[Call], books: Books) -> Verdict:
    """Every acknowledged effect stands: the order exists, is its owner's, and has not gone back."""
    told = [call for call in calls if call.outcome == OK or call.code == "payment_refused"]
    told = [call for call in told if call.op in _STANDS]
    violations = [
        Violation(why, shown([call])) for call in told for why in (_STANDS[call.op](call, books),) if why is not None
    ]
    violations += [*_lost_sight(calls), *_went_back(calls)]
    title = "every acknowledged reply is still true at the end, and no later reply takes it back"
    return Verdict("H1", title, len(told), tuple(violations))


def _order_of(call: Call, books: Books) -> OrderRow | str:
    """The call's order, or why it is not as it was told."""
    order = books.orders.get(call.order)
    if order is None:
        return f"the acknowledged order {call.order} does not exist"
    if order.owner != call.owner:
        return f"the order {call.order} belongs to {order.owner}"
    return order


def _accepted(call: Call, books: Books) -> str | None:
    order = _order_of(call, books)
    if isinstance(order, str):
        return order
    if order.offer != call.offer:
        return f"the order {call.order} is of the offer {order.offer}"
    return None if order.total == call.total else f"the order {call.order} costs {order.total}, not {call.total}"


def _shown(call: Call, books: Books) -> str | None:
    """For a reply that shows an order: where it was paid, or over, it still is."""
    order = _order_of(call, books)
    if isinstance(order, str):
        return order
    if call.state in PAID_OR_LATER and not order.is_paid:
        return f"{call.order} was {call.state} and is {order.status}"
    if call.state in _ENDS and order.status != call.state:
        return f"{call.order} was {call.state} and is {order.status}"
    return None


def _paid(call: Call, books: Books) -> str | None:
    if call.outcome != OK:  # payment_refused: the order is over
        order = _order_of(call, books)
        if isinstance(order, str):
            return order
        return None if order.status == "CANCELLED" else f"{call.order} was refused for good and is {order.status}"
    if call.state not in PAID_OR_LATER:
        return f"a payment was acknowledged on an order that is shown as {call.state}"
    return _shown(call, books)


def _rejected(call: Call, books: Books) -> str | None:
    status = books.offers.get(call.offer)
    return None if status == "CANCELLED" else f"the rejected offer {call.offer} is {status}"


_STANDS: Final[Mapping[str, Callable[[Call, Books], str | None]]] = {
    "accept": _accepted,
    "pay": _paid,
    "cancel": _shown,
    "read": _shown,
    "reject": _rejected,
}


def _lost_sight(calls: Sequence[Call]) -> Iterator[Violation]:
    """Whoever was given an order must find it."""
    given: dict[str, Call] = {}
    for call in calls:
        if call.outcome == OK and call.op == "accept" and call.order:
            given.setdefault(call.order, call)
    for call in calls:
        if call.status == _NOT_FOUND and call.order in given and call.op != "accept":
            yield Violation(f"{call.order} was given and is not found", shown([given[call.order], call]))


def _went_back(calls: Sequence[Call]) -> Iterator[Violation]:
    """A reply never shows an order as it was before an earlier reply; the repetition of a stored one may."""
    seen: dict[str, list[Call]] = {}
    for call in calls:
        if call.version and not call.replayed:
            seen.setdefault(call.order, []).append(call)
    for looks in seen.values():
        for later in looks:
            newest = max((each for each in looks if each.ended < later.begun), key=lambda c: c.version, default=later)
            if newest.version > later.version:
                text = f"{later.order} went from version {newest.version} back to {later.version}"
                yield Violation(text, shown([newest, later]))
