"""The generator against a real server: it counts every reply, and does not spare a server that stands still."""

import json
import time
from pathlib import Path

import pytest

from bench.speed.drive import DriveError, Load, generate
from bench.speed.generator import Driver, again_and_again
from bench.speed.wire import request, write_requests
from tests.bench_speed.tiny import serving

_GET = request("GET", "/", host="h")


def test_closed_loop_asks_again_as_soon_as_it_is_answered() -> None:
    with serving(delay=0.01) as server:
        driver = Driver(server.port, again_and_again([_GET]), connections=2, flow="", rate=None)
        seconds = driver.run(0.3)

    assert len(driver.latencies) == len(server.asked) > 10
    assert min(driver.latencies) >= 0.01
    assert (driver.errors, 0.3 <= seconds < 2) == (0, True)


def test_open_loop_keeps_its_rate() -> None:
    with serving() as server:
        driver = Driver(server.port, again_and_again([_GET]), connections=8, flow="", rate=200)
        driver.run(1.0)

    assert 140 <= len(server.asked) <= 260
    assert driver.errors == 0


def test_latency_counts_from_the_time_that_was_planned() -> None:
    with serving(delay=0.05) as server:
        driver = Driver(server.port, again_and_again([_GET]), connections=1, flow="", rate=60)
        driver.run(0.5)

    # One connection answers 20 a second: of 60 a second the last ones have waited for most of the run.
    assert max(driver.latencies) > 0.3


def test_waiting_takes_no_processor_time() -> None:
    with serving() as server:
        driver = Driver(server.port, again_and_again([_GET]), connections=1, flow="", rate=5)
        before = time.thread_time()
        driver.run(0.6)

    assert time.thread_time() - before < 0.1


@pytest.mark.parametrize("chunked", [False, True])
def test_every_reply_but_success_is_an_error(chunked: bool) -> None:
    statuses = iter([200, 409, 503, 201])
    with serving(lambda _: (next(statuses), b"{}"), chunked=chunked) as server:
        driver = Driver(server.port, iter([_GET] * 4), connections=1, flow="", rate=None)
        driver.run(5)

    assert (len(driver.latencies), driver.errors, driver.exhausted) == (4, 2, True)


def test_journey_follows_from_reply_to_reply() -> None:
    offer = {"id": "off_1", "passengers": [{"type": "adult"}]}
    answers = {b"/v1/offers/search": (200, {"offers": [offer]}), b"/accept": (201, {"id": "ord_1"}), b"/pay": (200, {})}

    def answer(asked: bytes) -> tuple[int, bytes]:
        status, body = next(reply for path, reply in answers.items() if path in asked.partition(b" HTTP")[0])
        return status, json.dumps(body).encode()

    search = request("POST", "/v1/offers/search", host="h", headers={"Authorization": "Bearer t"}, body={})
    with serving(answer) as server:
        driver = Driver(server.port, iter([search]), connections=1, flow="journey", rate=None)
        driver.run(5)

    assert [asked.split(b" ")[1] for asked in server.asked] == [
        b"/v1/offers/search",
        b"/v1/offers/off_1/accept",
        b"/v1/orders/ord_1/pay",
    ]
    assert all(b"Authorization: Bearer t\r\n" in asked for asked in server.asked)
    assert (len(driver.latencies), driver.errors) == (1, 0)


def test_journey_that_is_refused_is_an_error_and_no_reply() -> None:
    search = request("POST", "/v1/offers/search", host="h", body={})
    with serving(lambda _: (200, b'{"offers": []}')) as server:
        driver = Driver(server.port, iter([search]), connections=1, flow="journey", rate=None)
        driver.run(5)

    assert (len(driver.latencies), driver.errors) == (0, 1)


def test_a_process_of_its_own_tells_the_figures(tmp_path: Path) -> None:
    write_requests(tmp_path / "requests", [_GET])
    with serving() as server:
        load = Load(port=server.port, file=tmp_path / "requests", connections=2, seconds=0.3)
        outcome = generate(load, rate=50)

    assert outcome.requests == len(server.asked) > 3
    assert outcome.errors == 0


def test_too_few_requests_are_no_measurement(tmp_path: Path) -> None:
    write_requests(tmp_path / "requests", [_GET])
    with serving() as server, pytest.raises(DriveError, match="too few requests"):
        generate(Load(port=server.port, file=tmp_path / "requests", connections=1, seconds=5, once=True))
