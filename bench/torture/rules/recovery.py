"""R1: after the last fault everything comes back by itself, and to rest."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from bench.torture.quiesce import Quiet
from bench.torture.verdict import Verdict, Violation

# In seconds after everything was healed.
BOUNDS: Final = {
    "seconds_until_serving": 30.0,
    "seconds_until_gate_equals_ledger": 30.0,
    "seconds_until_outbox_empty": 60.0,
}


def recovery(quiet: Quiet) -> Verdict:
    """Serving, gate equal to ledger, outbox empty, each within its time; then nothing left undecided."""
    title = "it serves and the gate equals the ledger within 30 s, the outbox is empty within 60 s, all is decided"
    return Verdict("R1", title, len(BOUNDS), tuple(_late(quiet)))


def counted_from_healing(quiet: Quiet, *, late: float) -> Quiet:
    """The same with its seconds counted from when the healing began, so many seconds before it was looked at first."""
    told: dict[str, Any] = {name: value + late for name, value in vars(quiet).items() if isinstance(value, float)}
    return replace(quiet, **told)


def _late(quiet: Quiet) -> Iterator[Violation]:
    for name, bound in BOUNDS.items():
        took: float | None = getattr(quiet, name)
        if took is None or took > bound:
            yield Violation(f"{name.replace('_', ' ')}: {'too many' if took is None else took}, not {bound:g}")
    for kind, count in quiet.open_at_the_end.items():
        yield Violation(f"{kind}: {count} still open at the end")
