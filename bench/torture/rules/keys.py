"""H2: one key, one resource, the same bytes; two keys, never the same effect."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from bench.torture.history import Call
from bench.torture.verdict import Verdict, Violation, shown

_KEPT: Final = frozenset({200, 201, 402})  # a 202 gives way to the final answer, other refusals are not kept
_DONE: Final = frozenset({200, 201})
_EFFECTS: Final = frozenset({"accept", "pay", "cancel", "reject"})
Slot = tuple[str, str, str]


def keys(calls: Sequence[Call]) -> Verdict:
    """Idempotency as the clients saw it."""
    slots: dict[Slot, list[Call]] = defaultdict(list)
    for call in calls:
        if call.key:
            slots[call.owner, call.path, call.key].append(call)
    violations = [*_one_answer(slots), *_one_key(slots)]
    title = "one key gives one resource and the same bytes; two keys never the same effect"
    return Verdict("H2", title, len(slots), tuple(violations))


def _one_answer(slots: dict[Slot, list[Call]]) -> Iterator[Violation]:
    for (_, path, key), calls in slots.items():
        answers = [call for call in calls if call.status in _KEPT]
        if len({call.body for call in calls}) > 1:
            yield Violation(f"a client sent two bodies under {key}: the history is no evidence", shown(calls))
        if len({call.order for call in answers if call.order}) > 1:
            yield Violation(f"{key} on {path} led to two orders", shown(answers))
        elif len({(call.status, call.sha) for call in answers}) > 1:
            yield Violation(f"{key} on {path} was answered with different bytes", shown(answers))


def _one_key(slots: dict[Slot, list[Call]]) -> Iterator[Violation]:
    """Accepting one offer, paying one order, cancelling it: each is done under one key."""
    effects: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for calls in slots.values():
        done = next((call for call in calls if call.status in _DONE and call.op in _EFFECTS), None)
        if done is not None:
            effects[done.op, done.path].append(done)
            if done.op == "accept":
                effects["accept", done.order].append(done)
    for (op, what), calls in effects.items():
        if len(calls) > 1:
            yield Violation(f"{op} of {what} was done under {len(calls)} keys", shown(calls))
