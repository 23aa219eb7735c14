"""H4: acknowledged ≤ there ≤ acknowledged + unknown, for orders and for payments."""

from collections.abc import Sequence

from bench.torture.books import Books
from bench.torture.history import OK, UNKNOWN, Call
from bench.torture.verdict import Verdict, Violation


def counts(calls: Sequence[Call], books: Books) -> Verdict:
    """Nothing is there that nobody can have asked for, and nothing is missing."""
    accepts, pays = ([call for call in calls if call.op == op] for op in ("accept", "pay"))
    there = {order.offer for order in books.orders.values()}
    paid = {order.id for order in books.orders.values() if order.is_paid}
    violations = [
        *_bounds("order of the offer", there, _having(accepts, OK, "offer"), _having(accepts, UNKNOWN, "offer")),
        *_bounds("payment of the order", paid, _having(pays, OK, "order"), _having(pays, UNKNOWN, "order")),
    ]
    violations += [
        Violation(f"the offer {offer} has {len(rows)} orders", tuple(row.id for row in rows))
        for offer, rows in books.by_offer().items()
        if len(rows) > 1
    ]
    title = "acknowledged ≤ in the books ≤ acknowledged + unknown, for orders and payments"
    return Verdict("H4", title, len(books.orders) + len(paid), tuple(violations))


def _having(calls: Sequence[Call], outcome: str, name: str) -> set[str]:
    return {getattr(call, name) for call in calls if call.outcome == outcome}


def _bounds(what: str, there: set[str], acknowledged: set[str], unknown: set[str]) -> list[Violation]:
    lost = [Violation(f"the acknowledged {what} {each} is missing") for each in sorted(acknowledged - there)]
    extra = sorted(there - acknowledged - unknown)
    return lost + [Violation(f"the {what} {each} is there, and nobody can have made it") for each in extra]
