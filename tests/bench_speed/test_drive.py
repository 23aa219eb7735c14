"""wrk and its script: what it writes is read, each request is used once where it must be."""

import shutil
from pathlib import Path

import pytest

from bench.speed.drive import DriveError, Load, closed_loop, read_wrk
from bench.speed.wire import request, write_requests
from tests.bench_speed.tiny import serving

_needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not on PATH")


def test_the_line_of_the_script_is_read() -> None:
    outcome = read_wrk("Running 3s test\naltis 300 2000000 1 2 3 1500 9000 12000 50000 0\n")

    assert (outcome.requests, outcome.per_s, outcome.errors) == (300, 150, 6)
    assert (outcome.p50_ms, outcome.p95_ms, outcome.p99_ms) == (1.5, 9, 12)


@pytest.mark.parametrize("text", ["", "altis 1 2 3\n", "unable to connect"])
def test_silence_is_no_measurement(text: str) -> None:
    with pytest.raises(DriveError, match="told nothing"):
        read_wrk(text)


def test_running_out_of_requests_is_no_measurement() -> None:
    with pytest.raises(DriveError, match="all were used after 300"):
        read_wrk("altis 300 2000000 0 0 0 1500 9000 12000 50000 1\n")


@_needs_wrk
def test_wrk_sends_the_requests_of_a_file_and_counts_refusals(tmp_path: Path) -> None:
    requests = [request("POST", f"/{n}", host="h", body={"text": "a\nb\r\n"}) for n in range(3)]
    write_requests(tmp_path / "requests", requests)
    with serving(lambda asked: (409 if b"/2 " in asked else 200, b"{}")) as server:
        outcome = closed_loop(Load(port=server.port, file=tmp_path / "requests", connections=2, seconds=1))

    assert set(server.asked) == set(requests)
    assert outcome.errors in range(outcome.requests // 3 - 1, outcome.requests // 3 + 2)


@_needs_wrk
def test_wrk_says_when_it_has_used_every_request(tmp_path: Path) -> None:
    write_requests(tmp_path / "requests", [request("GET", f"/{n}", host="h") for n in range(20)])
    with serving() as server:
        load = Load(port=server.port, file=tmp_path / "requests", connections=2, seconds=1, once=True)
        with pytest.raises(DriveError, match="too few requests"):
            closed_loop(load)
