"""`python -m tests.api.production`: what a production process answers to one request of each kind, as JSON."""

import json
import sys
from typing import Any

import django
from django.conf import settings
from django.test import Client

REQUESTS = {
    "shop": "/",
    "docs": "/v1/docs",
    "document": "/v1/openapi.json",
    "admin": "/admin/login/",
    "api": "/v1/orders",
    "unknown": "/v1/nothing",
    "unreadable": "/v1/own/%00",
    "elsewhere": "/nothing",
    "static": "/static/page.css",
    "probe": "/healthz",
}
_SETTINGS = (
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_PATH",
    "SESSION_COOKIE_DOMAIN",
    "ALLOWED_HOSTS",
    "REDIS_URL",
    "CELERY_BROKER_URL",
    "KAFKA_BOOTSTRAP_SERVERS",
)


def main() -> None:
    """Print it."""
    django.setup()
    client = Client(raise_request_exception=False)
    answers = {name: _answer(client.get(path, secure=True)) for name, path in REQUESTS.items()}
    answers["in clear"] = _answer(client.get("/v1/orders?limit=1"))
    answers["probe in clear"] = _answer(client.get("/healthz"))
    answers["wrong host"] = _answer(client.get("/v1/orders", secure=True, headers={"Host": "evil.example"}))
    told: dict[str, Any] = {name: getattr(settings, name) for name in _SETTINGS}
    for alias in ("default", "analytics"):
        told[alias] = {name: settings.DATABASES[alias]["OPTIONS"].get(name) for name in ("sslmode", "sslrootcert")}
    cookies = {morsel.key: dict(morsel) for morsel in client.cookies.values()}
    json.dump({"answers": answers, "settings": told, "cookies": cookies}, sys.stdout)


def _answer(reply: Any) -> dict[str, Any]:
    code = reply.json()["code"] if "problem+json" in reply.get("Content-Type", "") else ""
    return {"status": reply.status_code, "code": code, "headers": dict(reply.headers)}


if __name__ == "__main__":
    main()
