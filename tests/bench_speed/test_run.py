"""A part that fails does not take the others with it, and is not forgotten."""

from typing import Any, cast
from unittest.mock import Mock

import pytest

from bench.speed.bench import Bench, Findings
from bench.speed.drive import DriveError
from bench.speed.run import attempt


def _bench() -> Any:
    return Mock(findings=Findings())


def test_failure_is_put_down_and_the_api_begins_anew() -> None:
    bench = _bench()

    attempt(cast("Bench", bench), ("sweep",), Mock(side_effect=DriveError("no answer")))

    assert bench.findings.failures == ["sweep: DriveError: no answer"]
    bench.ground.serve.assert_called_once_with()


def test_what_goes_well_leaves_no_trace() -> None:
    bench, measure = _bench(), Mock()

    attempt(cast("Bench", bench), ("sweep",), measure)

    measure.assert_called_once_with(bench)
    assert bench.findings.failures == []
    bench.ground.serve.assert_not_called()


def test_a_mistake_in_the_bench_itself_ends_it() -> None:
    with pytest.raises(TypeError):
        attempt(cast("Bench", _bench()), ("sweep",), Mock(side_effect=TypeError))
