"""What Django's middleware counts and logs of a request is the same, whether it waits or not."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.test import Client
from prometheus_client import REGISTRY

from altis.telemetry import access, batching, requests
from altis.telemetry.batching import Batch

_BY_THE_CLOCK = ("_bucket", "_sum")
Ask = Callable[[Client], Any]
KINDS: dict[str, Ask] = {
    "refused": lambda client: client.post("/v1/orders/ord_1/pay", b"{}", content_type="application/json"),
    "page": lambda client: client.get("/"),
    "no such page": lambda client: client.get("/nothing"),
    "redirected": lambda client: client.get("/admin/"),
    "by a script": lambda client: client.get("/healthz", headers={"X-Requested-With": "XMLHttpRequest"}),
    "odd method": lambda client: client.generic("BREW", "/v1/orders"),
    "without a body": lambda client: client.options("/v1/orders"),
}


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Batch, "collecting", False)
    yield
    for waiting in (requests.waiting, requests.begun, requests.ended, access._waiting):
        waiting.clear()


def _grown(ask: Ask) -> dict[tuple[str, str], float]:
    """What django-prometheus has counted of a request, but for what depends on a clock."""
    before = _counts()
    ask(Client(raise_request_exception=False))
    requests.flush()
    return {name: value - before.get(name, 0) for name, value in _counts().items() if value != before.get(name, 0)}


def _counts() -> dict[tuple[str, str], float]:
    return {
        (sample.name, str(sorted(sample.labels.items()))): sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name.startswith("django_http_")
        and not sample.name.endswith("_created")
        and not ("latency" in sample.name and sample.name.endswith(_BY_THE_CLOCK))
    }


@pytest.mark.django_db
@pytest.mark.parametrize("ask", KINDS.values(), ids=KINDS)
def test_a_request_that_waits_counts_like_any_other(ask: Ask) -> None:
    at_once = _grown(ask)

    batching.collect()
    waited = _grown(ask)

    assert waited == at_once
    assert len(at_once) > 8


@pytest.mark.django_db
def test_nothing_is_told_before_the_batch_is(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _counts()
    batching.collect()

    Client().get("/healthz")

    assert _counts() == before
    assert (len(requests.begun), len(requests.ended), len(requests.waiting)) == (1, 1, 1)


@pytest.mark.django_db
def test_a_line_that_waits_says_what_others_say(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "altis.access")
    ask: dict[str, Any] = {"path": "/v1/orders/nobody@example.com", "headers": {"X-Request-ID": "r-1"}}
    Client().get(**ask)
    [record] = [record for record in caplog.records if record.name == "altis.access"]
    batching.collect()

    Client().get(**ask)

    [waiting] = access._waiting
    line, told = orjson.loads(waiting), dict(record.msg) if isinstance(record.msg, dict) else {}
    assert [line[name] for name in ("event", "method", "status", "request_id")] == ["request", "GET", 401, "r-1"]
    assert (line["route"], line["method"], line["status"]) == (told["route"], told["method"], told["status"])


@pytest.mark.django_db
def test_a_route_with_signs_of_its_own_stays_one_line_of_json() -> None:
    batching.collect()

    Client().get("/v1/nothing")

    [waiting] = access._waiting
    assert orjson.loads(waiting)["route"] == r"^v1(?:/|$)"
    assert waiting.count("\n") == 1
