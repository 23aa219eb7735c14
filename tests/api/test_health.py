"""Probes: up, ready, degraded; and the numbers."""

from threading import Event

import pytest
from django.db import OperationalError
from django.test import Client

from altis.api import health
from tests.api.callers import Caller


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_database", health._Database())


def test_alive_asks_nobody(anyone: Caller) -> None:
    reply = anyone.get("/healthz")

    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_ready_when_everything_answers(anyone: Caller) -> None:
    reply = anyone.get("/readyz")

    assert (reply.status_code, reply.json()) == (
        200,
        {"status": "ok", "checks": {"postgresql": "ok", "migrations": "ok", "redis": "ok", "kafka": "ok"}},
    )


@pytest.mark.django_db(transaction=True)
def test_ready_though_degraded_without_kafka(anyone: Caller, settings: pytest.FixtureRequest) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1,[::1]:1"  # type: ignore[attr-defined]  # pytest-django's wrapper is untyped

    reply = anyone.get("/readyz")

    assert (reply.status_code, reply.json()["status"], reply.json()["checks"]["kafka"]) == (200, "degraded", "degraded")


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_migrations_are_missing(anyone: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_is_migrated", lambda: False)
    missing = anyone.get("/readyz")
    monkeypatch.setattr(health, "_is_migrated", lambda: True)

    assert (missing.status_code, missing.json()["checks"]["migrations"]) == (503, "missing")
    assert anyone.get("/readyz").status_code == 200


def test_not_ready_when_the_database_fails_or_is_frozen(anyone: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bool:
        raise OperationalError

    monkeypatch.setattr(health._database, "_ask", fail)

    reply = anyone.get("/readyz")

    assert (reply.status_code, reply.json()["status"], reply.json()["checks"]["postgresql"]) == (
        503,
        "unavailable",
        "down",
    )


def test_a_frozen_database_is_asked_once_and_not_waited_for(anyone: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, thaw = [], Event()

    def frozen() -> bool:
        asked.append(1)
        return thaw.wait(10)

    monkeypatch.setattr(health, "_DATABASE_SECONDS", 0.05)
    monkeypatch.setattr(health._database, "_ask", frozen)

    statuses = [anyone.get("/readyz").status_code for _ in range(3)]
    thaw.set()

    assert (statuses, len(asked)) == ([503, 503, 503], 1)


def test_metrics_are_prometheus_text_and_name_ours(anyone: Caller) -> None:
    reply = anyone.get("/metrics")

    assert reply["Content-Type"].startswith("text/plain")
    for name in ("altis_offer_generation_seconds", "altis_order_creation_seconds", "altis_gateway_seconds"):
        assert f"# TYPE {name} ".encode() in reply.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/docs", "/v1/openapi.json"])
def test_what_can_only_be_read_says_so_also_to_those_without_a_csrf_token(path: str) -> None:
    reply = Client(enforce_csrf_checks=True).post(path)

    assert (reply.status_code, reply["Allow"]) == (405, "GET, HEAD")
