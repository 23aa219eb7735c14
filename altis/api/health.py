"""Is the process up, can it serve, and what has it measured."""

import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from altis.api.rendering import JSON, to_json
from altis.store.kafka_address import kafka_hosts
from altis.store.redis import client
from altis.telemetry import batching, requests

log = structlog.get_logger(__name__)
_DATABASE_SECONDS = 2.0
_KAFKA_SECONDS = 0.5


# Exempt, so that what they do not take is 405 and not the 403 of a missing token.
@csrf_exempt
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return _json(200, {"status": "ok"})


@csrf_exempt
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 only when PostgreSQL does not answer within two seconds or migrations are missing."""
    checks = _database.check()
    ready = all(state == "ok" for state in checks.values())
    checks["redis"] = _state(_ping_redis)
    checks["kafka"] = _state(_reach_kafka)
    degraded = any(state != "ok" for state in checks.values())
    status = "unavailable" if not ready else "degraded" if degraded else "ok"
    return _json(200 if ready else 503, {"status": status, "checks": checks})


@csrf_exempt
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; with PROMETHEUS_MULTIPROC_DIR, of all worker processes."""
    batching.flush()
    requests.flush()
    exported: HttpResponse = ExportToDjangoView(request)
    return exported


class _Database:
    """Asks in a thread of its own, since a frozen server keeps whoever asks; at most one question is open."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._asked: Future[bool] | None = None
        self._migrated = False

    def check(self) -> dict[str, str]:
        """The states of `postgresql` and `migrations`."""
        try:
            migrated = self._question().result(timeout=_DATABASE_SECONDS)
        except Exception as error:  # noqa: BLE001  (whatever the driver or the time-out raises means not ready)
            log.warning("not ready: postgresql", error=type(error).__name__)
            return {"postgresql": "down", "migrations": "unknown"}
        return {"postgresql": "ok", "migrations": "ok" if migrated else "missing"}

    def _question(self) -> Future[bool]:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, thread_name_prefix="readyz")
            if self._asked is None or self._asked.done():
                self._asked = self._pool.submit(self._ask)
            return self._asked

    def _ask(self) -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            # Once true it stays true for this process: a deployment starts a new one.
            self._migrated = self._migrated or _is_migrated()
            return self._migrated
        finally:
            connection.close()


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _ping_redis() -> None:
    client().ping()


def _reach_kafka() -> None:
    """Open and close a connection to the first bootstrap server that takes one; raises OSError."""
    failure: OSError = OSError("no bootstrap server")
    for place in kafka_hosts(settings.KAFKA_BOOTSTRAP_SERVERS):
        try:
            socket.create_connection(place, timeout=_KAFKA_SECONDS).close()
        except OSError as error:
            failure = error
        else:
            return
    raise failure


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001  (a dependency that cannot be asked is degraded, however it fails)
        log.warning("degraded", check=check.__name__, error=type(error).__name__)
        return "degraded"
    return "ok"


def _json(status: int, data: dict[str, object]) -> HttpResponse:
    return HttpResponse(to_json(data), status=status, content_type=JSON)


# One per process on purpose: it owns the thread and remembers that the migrations were there.
_database = _Database()
