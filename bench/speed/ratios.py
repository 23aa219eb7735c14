"""Our figures as shares of the yardsticks of the same run: what may be compared between machines and days."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Figures = Mapping[str, Mapping[str, Any]]
WORSE_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Ratio:
    """One figure of one measurement, divided by one of another; `lower` when less is better."""

    name: str
    over: str
    under: str
    figure: str = "per_s"  # or cpu_us.api
    lower: bool = False


RATIOS: Final = (
    Ratio("search_vs_hello", "search-hot@64", "hello"),
    Ratio("search_vs_drf", "search-hot@64", "drf_search"),
    Ratio("search_vs_django_view", "search-hot@64", "django_view"),
    Ratio("search_vs_drf_redis_read", "search-hot@64", "drf_redis_read"),
    Ratio("search_cpu_vs_hello", "search-hot@64", "hello", "cpu_us.api", lower=True),
    Ratio("search_vs_redis_get", "search-hot@64", "redis_get"),
    Ratio("cold_vs_hot", "search-cold@64", "search-hot@64"),
    Ratio("flights_vs_hello", "flights@64", "hello"),
    Ratio("accept_vs_pgbench", "accept@16", "pgbench_accept"),
    Ratio("accept_vs_pgbench_64", "accept@64", "pgbench_accept_64"),
    Ratio("accept_vs_pgbench_pipelined", "accept@16", "pgbench_accept_pipelined"),
    Ratio("accept_hot_vs_accept", "accept-hot@64", "accept@64"),
    Ratio("pay_vs_pgbench", "pay@16", "pgbench_accept"),
    Ratio("growth_cost_100x", "growth-100x@64", "growth-1x@64", "cpu_us.api", lower=True),
    Ratio("growth_cost_10x", "growth-10x@64", "growth-1x@64", "cpu_us.api", lower=True),
    Ratio("two_workers_cost", "two-workers@64", "one-worker@64", "cpu_us.api", lower=True),
    Ratio("two_workers_reads", "two-workers-reads@16", "one-worker-reads@16"),
)
LOWER_IS_BETTER: Final = frozenset(ratio.name for ratio in RATIOS if ratio.lower)


@dataclass(frozen=True, slots=True)
class Change:
    """A ratio then and now; `share` is by how much it got worse, negative when it got better."""

    name: str
    before: float
    now: float
    share: float


def ratios(cases: Figures, yardsticks: Figures) -> dict[str, float]:
    """Those whose two measurements were made."""
    measured = {**cases, **yardsticks}
    found = {}
    for ratio in RATIOS:
        over, under = _figure(measured, ratio.over, ratio.figure), _figure(measured, ratio.under, ratio.figure)
        if over and under:
            found[ratio.name] = round(over / under, 4)
    return found


def compare(before: Mapping[str, float], now: Mapping[str, float]) -> list[Change]:
    """Every ratio that both have, the worst change first."""
    changes = []
    for name in before.keys() & now.keys():
        grown = now[name] / before[name] - 1 if before[name] else 0.0
        changes.append(Change(name, before[name], now[name], grown if name in LOWER_IS_BETTER else -grown))
    return sorted(changes, key=lambda change: (-change.share, change.name))


def _figure(measured: Figures, name: str, path: str) -> float:
    value: Any = measured.get(name, {})
    for part in path.split("."):
        value = value.get(part, {}) if isinstance(value, Mapping) else {}
    return float(value) if isinstance(value, int | float) else 0.0
