"""The arithmetic of runs: percentiles by nearest rank, medians of each figure, errors that add up."""

import pytest

from bench.speed.figures import Outcome, Run, median_run, outcome_of, percentile


def _run(per_s: int, p95: float, errors: int = 0, cpu: float = 10) -> Run:
    outcome = Outcome(requests=per_s * 2, seconds=2, errors=errors, p50_ms=1, p95_ms=p95, p99_ms=p95 + 1)
    return Run(outcome=outcome, cpu_us={"api": cpu}, foreign=cpu / 100)


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (95, 10), (99, 10), (10, 1), (0, 1)])
def test_percentile_is_a_value_that_was_seen(percent: float, value: float) -> None:
    assert percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], percent) == value


def test_percentile_of_nothing_is_nought() -> None:
    assert percentile([], 95) == 0


def test_latencies_become_milliseconds_in_any_order() -> None:
    outcome = outcome_of([0.003, 0.001, 0.002], seconds=1.5, errors=1)

    assert (outcome.requests, outcome.per_s, outcome.errors) == (3, 2.0, 1)
    assert (outcome.p50_ms, outcome.p95_ms) == (2.0, 3.0)


def test_median_is_taken_of_each_figure_by_itself() -> None:
    middle = median_run([_run(100, 9, cpu=30), _run(300, 5, cpu=10), _run(200, 7, cpu=20)])

    assert middle.outcome.per_s == 200
    assert (middle.outcome.p95_ms, middle.cpu_us) == (7, {"api": 20})
    assert middle.foreign == 0.3


def test_an_error_in_any_run_is_an_error_of_the_median() -> None:
    middle = median_run([_run(100, 9), _run(300, 5, errors=2), _run(200, 7)])

    assert middle.outcome.errors == 2
    assert middle.as_json()["errors"] == 2


def test_the_json_has_the_shape_that_others_read() -> None:
    told = _run(100, 9).as_json()

    assert {"per_s", "p50_ms", "p95_ms", "p99_ms", "errors", "cpu_us"} <= told.keys()
    assert (told["per_s"], told["cpu_us"]) == (100.0, {"api": 10})
