"""Figures of a history: how much was asked, how it was answered, how fast."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from bench.torture.history import OK, UNKNOWN, Call

_UNAVAILABLE = 503
_PERCENTS = (50, 95, 99, 100)
Json = dict[str, Any]


def figures(calls: Sequence[Call], *, seconds: float) -> Json:
    """Everything that a report says about the requests; milliseconds where not said otherwise."""
    return {
        "seconds_under_load": round(seconds, 1),
        "requests": len(calls),
        "requests_per_second": round(len(calls) / seconds, 1) if seconds else 0.0,
        "orders_acknowledged": len({call.order for call in calls if call.op == "accept" and call.outcome == OK}),
        "payments_acknowledged": len({call.order for call in calls if call.op == "pay" and call.outcome == OK}),
        "unanswered": sum(call.status == 0 for call in calls),
        "unavailable_503": sum(call.status == _UNAVAILABLE for call in calls),
        "replayed": sum(call.replayed for call in calls),
        "keys_never_decided": _undecided(calls),
        "availability_percent": _availability(calls),
        "replies": _replies(calls),
        "milliseconds": _times(calls),
    }


def _undecided(calls: Sequence[Call]) -> int:
    """Keys under which no request ever had a definite answer."""
    keys = {call.key for call in calls if call.key}
    return len(keys - {call.key for call in calls if call.outcome != UNKNOWN})


def _availability(calls: Sequence[Call]) -> float:
    """Requests that were answered, and not with a 503."""
    served = sum(call.status not in {0, _UNAVAILABLE} for call in calls)
    return round(100 * served / len(calls), 2) if calls else 0.0


def _replies(calls: Sequence[Call]) -> dict[str, dict[str, int]]:
    """By operation: `status code` to its number; what was not answered is named for the reason."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for call in calls:
        found[call.op][f"{call.status or call.error} {call.code}".strip()] += 1
    return {op: dict(sorted(counter.items())) for op, counter in sorted(found.items())}


def _times(calls: Sequence[Call]) -> dict[str, dict[str, float]]:
    """Percentiles by nearest rank over what was done, by operation."""
    times: dict[str, list[float]] = defaultdict(list)
    for call in calls:
        if call.outcome == OK:
            times[call.op].append(call.ended - call.begun)
    return {op: _percentiles(sorted(found)) for op, found in sorted(times.items())}


def _percentiles(times: list[float]) -> dict[str, float]:
    ranks = {f"p{percent}": times[-(-len(times) * percent // 100) - 1] for percent in _PERCENTS}
    return {"count": len(times), **{name: round(value * 1000, 1) for name, value in ranks.items()}}
