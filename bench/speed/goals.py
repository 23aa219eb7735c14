"""What must be shown, as the lead figures of the result: each with its goal and whether it is met."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure by its path in the result, and what it must be at least, or at most."""

    path: str
    goal: float
    most: bool = False  # the goal is an upper bound


GOALS: Final = (
    Goal("ratios/search_vs_hello", 0.25),
    Goal("ratios/search_vs_drf", 20),
    Goal("cases/search-hot@64/per_s", 10_000),
    Goal("cases/search-open-5000@64/p95_ms", 10, most=True),
    Goal("cases/search-hot@16/p95_ms", 5, most=True),
    Goal("ratios/cold_vs_hot", 0.6),
    Goal("ratios/accept_vs_pgbench", 0.2),
    Goal("ratios/accept_vs_pgbench_64", 0.2),
    Goal("cases/accept@16/p95_ms", 100, most=True),
    Goal("cases/accept@64/p95_ms", 100, most=True),
    Goal("cases/accept@16/per_s", 1000),
    Goal("cases/accept-hot@64/per_s", 600),
    Goal("cases/pay@16/per_s", 150),
    Goal("facts/sweep_seconds", 30, most=True),
    Goal("cases/sweep@16/p95_ms", 25, most=True),
    Goal("ratios/growth_cost_100x", 1.2, most=True),
    Goal("facts/growth_100x_worker_mb", 250, most=True),
    Goal("ratios/two_workers_cost", 1.15, most=True),
    Goal("ratios/two_workers_reads", 1.5),
    Goal("facts/reads_slowest_p95_ms", 50, most=True),
)


def judged(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By path: the figure, its goal, and whether it is met; what was not measured is left out."""
    found = {}
    for goal in GOALS:
        value: Any = result
        for part in goal.path.split("/"):
            value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, int | float):
            met = value <= goal.goal if goal.most else value >= goal.goal
            found[goal.path] = {
                "value": value,
                "goal": goal.goal,
                "bound": "most" if goal.most else "least",
                "met": met,
            }
    return found
