"""What is told by the batch is what would have been told one by one."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import structlog
from django.test import Client
from prometheus_client import REGISTRY, CollectorRegistry, Histogram
from structlog.contextvars import bound_contextvars

from altis.telemetry import access, batching, requests
from altis.telemetry.batching import Batch, add

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_AMOUNTS = [0.0005, 0.001, 0.0011, 0.5, 2.4999, 2.5, 99.0]


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this test tells stays its own."""
    monkeypatch.setattr(batching, "_batches", [])
    monkeypatch.setattr(Batch, "collecting", False)
    yield
    requests.waiting.clear()


def _histogram() -> tuple[Histogram, CollectorRegistry]:
    registry = CollectorRegistry()
    return Histogram("h", "h", buckets=(0.001, 0.5, 2.5), registry=registry), registry


def _samples(registry: Any) -> dict[tuple[str, str], float]:
    return {
        (sample.name, str(sorted(sample.labels.items()))): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if not sample.name.endswith("_created")
    }


def test_a_batch_falls_into_the_same_buckets() -> None:
    (one_by_one, first), (at_once, second) = _histogram(), _histogram()

    for amount in _AMOUNTS:
        one_by_one.observe(amount)
    add(at_once, _AMOUNTS)

    assert _samples(second) == _samples(first)


def test_observations_wait_only_where_somebody_collects() -> None:
    histogram, registry = _histogram()
    batch = Batch(histogram)

    batch.observe(0.1)
    batching.collect()
    batch.observe(0.2)
    waiting = _samples(registry)[("h_count", "[]")]
    batching.flush()

    assert (waiting, _samples(registry)[("h_count", "[]")]) == (1, 2)


def _counted(before: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """What has grown since, but for what depends on a clock."""
    now = _samples(REGISTRY)
    return {
        name: value - before.get(name, 0)
        for name, value in now.items()
        if name[0].startswith("django_http_")
        and value != before.get(name, 0)
        and not ("latency" in name[0] and name[0].endswith(("_bucket", "_sum")))
    }


@pytest.mark.django_db
def test_a_request_counts_as_djangos_middleware_counts_it() -> None:
    start = _samples(REGISTRY)
    reply = Client().post("/v1/offers/search", b"{}", content_type="application/json")
    by_middleware, start = _counted(start), _samples(REGISTRY)
    size = len(reply.content)
    requests.waiting.append(requests.Served("offers-search", "POST", "http", 401, 0.01, 2, size))
    requests.flush()

    assert _counted(start) == by_middleware
    assert len(by_middleware) > 12


def test_requests_of_several_kinds_are_told_apart() -> None:
    name = "django_http_responses_total_by_status_view_method_total"
    start = _samples(REGISTRY)
    for status, count in ((200, 3), (429, 2)):
        requests.waiting.extend([requests.Served("a-view", "GET", "https", status, 0.01, 0, 10)] * count)

    requests.flush()

    grown = {labels: count for (metric, labels), count in _counted(start).items() if metric == name}
    assert sorted(grown.values()) == [2, 3]
    assert len(requests.waiting) == 0


@pytest.fixture
def at_level() -> Iterator[Callable[[int], None]]:
    """Sets the level of the access lines; by `setLevel`, since loggers remember what is enabled."""
    logger = logging.getLogger(access.LOGGER)
    before = logger.level
    yield logger.setLevel
    logger.setLevel(before)


def test_an_access_line_is_the_one_that_structlog_writes(
    monkeypatch: pytest.MonkeyPatch, at_level: Callable[[int], None]
) -> None:
    written = _Stream()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.getLogger().handlers[0].formatter)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    at_level(logging.INFO)
    facts: dict[str, Any] = {"method": "GET", "route": "v1/flights", "status": 200}

    with bound_contextvars(request_id="r1", traceparent=TRACE):
        structlog.get_logger(access.LOGGER).info("request", **facts, ms=1.2)
    access.note(**facts, seconds=0.00123, request_id="r1", traceparent=TRACE)
    access.flush()

    by_structlog, by_us = (orjson.loads(line) for line in "".join(written.texts).splitlines())
    assert by_us.keys() == by_structlog.keys()
    assert by_us | {"timestamp": ""} == by_structlog | {"timestamp": ""}
    assert len(by_us["timestamp"]) == len(by_structlog["timestamp"])


def test_no_line_is_kept_below_the_level_of_the_log(at_level: Callable[[int], None]) -> None:
    at_level(logging.WARNING)

    access.note(method="GET", route="r", status=200, seconds=0.1, request_id="r", traceparent="")

    assert len(access._waiting) == 0


class _Stream:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def write(self, text: str) -> None:
        self.texts.append(text)

    def flush(self) -> None:
        pass
