"""What one run of a case gives, and what three of them come to."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a driver has seen. Latencies in milliseconds; an error is any reply that is not 2xx, or none at all."""

    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    work: int = 0  # what the processor time was spent on, when that is more than `requests`: a warm-up, too

    @property
    def per_s(self) -> float:
        """Replies a second."""
        return self.requests / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: what the driver saw, and the processor time of each group of processes per request."""

    outcome: Outcome
    cpu_us: Mapping[str, float] = field(default_factory=dict)
    foreign: float = 0.0  # cores that somebody else had meanwhile

    def as_json(self) -> dict[str, object]:
        """The shape of `latest.json`."""
        seen = self.outcome
        return {
            "per_s": round(seen.per_s, 1),
            "p50_ms": round(seen.p50_ms, 3),
            "p95_ms": round(seen.p95_ms, 3),
            "p99_ms": round(seen.p99_ms, 3),
            "errors": seen.errors,
            "requests": seen.requests,
            "seconds": round(seen.seconds, 2),
            "cpu_us": {name: round(value, 1) for name, value in self.cpu_us.items()},
            "foreign_cores": round(self.foreign, 2),
        }


def percentile(ordered: Sequence[float], percent: float) -> float:
    """By nearest rank, of values in ascending order; 0 for none."""
    if not ordered:
        return 0.0
    rank = -(-len(ordered) * percent // 100)
    return ordered[min(len(ordered), max(1, int(rank))) - 1]


def outcome_of(latencies_s: Sequence[float], *, seconds: float, errors: int) -> Outcome:
    """The figures of single latencies, given in seconds and in any order."""
    ordered = sorted(latencies_s)
    return Outcome(
        requests=len(ordered),
        seconds=seconds,
        errors=errors,
        p50_ms=percentile(ordered, 50) * 1000,
        p95_ms=percentile(ordered, 95) * 1000,
        p99_ms=percentile(ordered, 99) * 1000,
    )


def median_run(runs: Sequence[Run]) -> Run:
    """Each figure's own median. Errors are added up: one in any run is a failure of the whole."""
    seen = [run.outcome for run in runs]
    seconds = statistics.median(each.seconds for each in seen)
    per_s = statistics.median(each.per_s for each in seen)
    middle = replace(
        seen[0],
        requests=round(per_s * seconds),
        seconds=seconds,
        errors=sum(each.errors for each in seen),
        p50_ms=statistics.median(each.p50_ms for each in seen),
        p95_ms=statistics.median(each.p95_ms for each in seen),
        p99_ms=statistics.median(each.p99_ms for each in seen),
    )
    names = list(dict.fromkeys(name for run in runs for name in run.cpu_us))
    cpu = {name: statistics.median(run.cpu_us.get(name, 0.0) for run in runs) for name in names}
    return Run(outcome=middle, cpu_us=cpu, foreign=max(run.foreign for run in runs))
