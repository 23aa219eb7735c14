"""H3: who was refused, and nothing but refused, left no trace."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bench.torture.books import Books
from bench.torture.history import FAIL, Call
from bench.torture.verdict import Verdict, Violation, shown


def refusals(calls: Sequence[Call], books: Books) -> Verdict:
    """A definite refusal had no effect, unless another request for the same may have had it."""
    asked: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in calls:
        if call.op in {"accept", "reject", "pay", "cancel"}:
            asked[call.op, call.path].append(call)
    refused = [(op, group) for (op, _), group in asked.items() if all(call.outcome == FAIL for call in group)]
    violations = tuple(found for op, group in refused for found in _traces(op, group, books))
    return Verdict("H3", "a definite refusal had no effect", len(refused), violations)


def _traces(op: str, group: list[Call], books: Books) -> Iterator[Violation]:
    offer, order = group[0].offer, group[0].order
    row = books.orders.get(order)
    if op == "accept":
        for each in books.orders.values() if _is_accepted(offer, books) else ():
            if each.offer == offer:
                yield Violation(f"accepting {offer} was refused, and the order {each.id} exists", shown(group))
    elif op == "reject" and books.offers.get(offer) == "CANCELLED":
        yield Violation(f"rejecting {offer} was refused, and it is CANCELLED", shown(group))
    elif op == "pay" and row is not None and ("SUCCEEDED" in row.payments or row.is_paid):
        yield Violation(f"paying {order} was refused, and it is {row.status}, {row.payments}", shown(group))
    elif op == "cancel" and row is not None and any(reason == "customer_cancelled" for _, reason in row.moves):
        yield Violation(f"cancelling {order} was refused, and it is {row.status}", shown(group))


def _is_accepted(offer: str, books: Books) -> bool:
    """Spares a look at every order for the many offers that nobody got."""
    return books.offers.get(offer) == "ACCEPTED"
