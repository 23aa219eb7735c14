"""H5: seats that clients were promised at one instant never exceed the cabin, by the clients' own clocks alone."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bench.torture.history import OK, Call
from bench.torture.verdict import Verdict, Violation

Span = tuple[float, float, int, str]  # from, until, seats, order
Jump = tuple[float, float]  # the clock was moved at some instant between the two, nobody saw when


def capacity(calls: Sequence[Call], seats: Mapping[str, int], *, jumps: Sequence[Jump] = ()) -> Verdict:
    """`jumps` say when the clock was moved: unpaid holds asked for before the end of one may have ended in it.

    An order counts from the reply that gave it until the first request that may have ended it, so a span is never
    longer than the truth, and what is found is a violation for certain.
    """
    spans = _spans(calls, sorted(jumps))
    violations = [found for inventory in sorted(spans) for found in _crowds(inventory, spans[inventory], seats)]
    title = "promised seats never exceed a cabin's capacity at any instant of the clients' clocks"
    return Verdict("H5", title, len(spans), tuple(violations))


def _spans(calls: Sequence[Call], jumps: Sequence[Jump]) -> dict[str, list[Span]]:
    given: dict[str, Call] = {}
    asked: dict[str, float] = {}
    paid: set[str] = set()
    ends: dict[str, float] = {}
    for call in calls:
        if call.op == "accept":
            asked[call.offer] = min(call.begun, asked.get(call.offer, math.inf))
        if call.op == "accept" and call.outcome == OK and call.units:
            first = given.setdefault(call.order, call)
            given[call.order] = min(first, call, key=lambda each: each.ended)
        elif call.op == "pay" and call.outcome == OK:
            paid.add(call.order)
        if call.op in {"pay", "cancel"}:
            ends[call.order] = min(call.begun, ends.get(call.order, math.inf))
    spans: dict[str, list[Span]] = defaultdict(list)
    for order, call in given.items():
        # From the first request on: a stored reply may be given long after the order that it shows has ended.
        jump = next((begun for begun, over in jumps if over > asked[call.offer]), math.inf)
        until = math.inf if order in paid else min(ends.get(order, math.inf), jump)
        for inventory, seats in (call.units or {}).items():
            if call.ended < until:
                spans[inventory].append((call.ended, until, seats, order))
    return spans


def _crowds(inventory: str, spans: list[Span], seats: Mapping[str, int]) -> Iterator[Violation]:
    """The first instant at which too many are promised; one per inventory says enough."""
    if inventory not in seats:
        yield Violation(f"seats of {inventory} were sold, which has none")
        return
    begins = [(begun, 1, size, order) for begun, _, size, order in spans]
    ends = [(until, 0, -size, order) for _, until, size, order in spans if until < math.inf]
    promised, live = 0, set[str]()
    for instant, kind, change, order in sorted(begins + ends):
        promised += change
        live = live | {order} if kind else live - {order}
        if promised > seats[inventory]:
            text = f"{promised} seats of {inventory} were promised at {instant:.3f}; it has {seats[inventory]}"
            yield Violation(text, tuple(sorted(live)))
            return
