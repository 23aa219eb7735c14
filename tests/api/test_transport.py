"""Headers of every kind of reply in production, cookies, hosts, and calls from other origins."""

import json
import os
import subprocess
import sys
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from altis.api import transport
from altis.devstack.config import PROJECT
from altis.devstack.keys import fresh_secrets
from tests.api.callers import Caller, assert_problem

SHOP = "https://shop.example"
PREFLIGHT = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
HSTS = "max-age=31536000; includeSubDomains; preload"
SAME = {
    "Server": "Altis",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_PLACES = {
    "ALTIS_ENV": "production",
    "ALTIS_ALLOWED_HOSTS": "testserver",
    "DATABASE_URL": "postgresql://a@127.0.0.1:1/altis?sslmode=verify-full&sslrootcert=/ca.pem",
    "REDIS_URL": "rediss://127.0.0.1:1/0?ssl_ca_certs=/ca.pem",
    "KAFKA_BOOTSTRAP_SERVERS": "kafka+ssl://127.0.0.1:1?ca=/ca.pem",
    "ALTIS_LOG_LEVEL": "CRITICAL",
    "DJANGO_SETTINGS_MODULE": "altis.settings",
}


def _environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "_URL" not in name and not name.startswith("ALTIS_")}
    return {**kept, **_PLACES, **fresh_secrets(), **changes}


def _run(*words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    wanted = [sys.executable, *words]
    environment = _environment(**changes)
    return subprocess.run(
        wanted, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a production process answers; its static files are one style sheet."""
    static = tmp_path_factory.mktemp("static")
    (static / "page.css").write_text("a { color: red }")
    done = _run("-m", "tests.api.production", ALTIS_STATIC_ROOT=str(static))
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(
    ("kind", "status", "cached"),
    [
        ("shop", 200, "no-store"),
        ("docs", 200, "private, no-cache"),
        ("document", 200, "public, max-age=300"),
        ("admin", 200, "max-age=0, no-cache, no-store, must-revalidate, private"),
        ("api", 401, "no-store"),
        ("unknown", 404, "no-store"),
        ("unreadable", 400, "no-store"),
        ("elsewhere", 404, "no-store"),
        ("static", 200, "max-age=60, public"),
        ("probe", 200, "max-age=0, no-cache, no-store, must-revalidate, private"),
    ],
)
def test_every_kind_of_reply_has_every_header(production: dict[str, Any], kind: str, status: int, cached: str) -> None:
    answer = production["answers"][kind]

    headers = answer["headers"]
    assert (answer["status"], headers["Cache-Control"]) == (status, cached)
    assert {name: headers.get(name) for name in SAME} == SAME
    assert headers["Content-Security-Policy"]
    # What the guard refuses does not reach Django's own middleware.
    assert headers.get("Strict-Transport-Security") == (None if kind == "unreadable" else HSTS)
    assert not {name for name in headers if name.lower().startswith(("x-powered-by", "access-control-"))}


def test_plain_http_is_sent_to_https_but_for_probes(production: dict[str, Any]) -> None:
    clear, probe = production["answers"]["in clear"], production["answers"]["probe in clear"]

    assert (clear["status"], clear["headers"]["Location"]) == (301, "https://testserver/v1/orders?limit=1")
    assert (probe["status"], "Strict-Transport-Security" in probe["headers"]) == (200, False)


def test_a_wrong_host_is_a_problem(production: dict[str, Any]) -> None:
    answer = production["answers"]["wrong host"]

    assert (answer["status"], answer["code"]) == (400, "malformed_request")


def test_cookies_are_for_this_host_over_https_alone(production: dict[str, Any]) -> None:
    told, cookie = production["settings"], production["cookies"]["__Host-csrf"]

    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    names = ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")
    session = [told[f"SESSION_COOKIE_{name}"] for name in names]
    assert session == ["__Host-session", True, True, "Lax", "/", None]


def test_what_the_addresses_say_of_tls_reaches_the_settings(production: dict[str, Any]) -> None:
    told = production["settings"]

    tls = {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}
    assert (told["default"], told["analytics"]) == (tls, tls)
    assert told["REDIS_URL"] == _PLACES["REDIS_URL"]
    assert told["CELERY_BROKER_URL"] == "rediss://127.0.0.1:1/2?ssl_cert_reqs=required&ssl_ca_certs=%2Fca.pem"
    assert told["KAFKA_BOOTSTRAP_SERVERS"] == _PLACES["KAFKA_BOOTSTRAP_SERVERS"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ALTIS_ALLOWED_HOSTS", "", "ALTIS_ALLOWED_HOSTS must be set"),
        ("ALTIS_CORS_ORIGINS", "*", "ALTIS_CORS_ORIGINS: '*' is not an origin"),
    ],
)
def test_a_production_process_does_not_start_with_an_open_door(name: str, value: str, said: str) -> None:
    done = _run("-c", "import django; django.setup()", **{name: value})

    assert done.returncode != 0
    assert said in done.stderr


def test_any_host_is_refused_in_production_alone() -> None:
    assert transport.hosts("*", production=False) == ["*"]
    assert transport.hosts("a.example, b.example", production=True) == ["a.example", "b.example"]
    with pytest.raises(ImproperlyConfigured, match="ALTIS_ALLOWED_HOSTS must name the hosts"):
        transport.hosts("a.example,*", production=True)


def _origins(text: str, *, production: bool) -> dict[str, Any]:
    env = environ.Env()
    env.ENVIRON = {"ALTIS_CORS_ORIGINS": text}
    return transport.settings(env, production=production, proxies=0)


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example", "null", "shop.example", "https://shop.example/", "https://shop.example/x", "file://x"]
    + [r"https://.*\.example", "https://a.example.", "https://u@a.example", "http://shop.example"],
)
def test_only_exact_origins_are_taken(origin: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ALTIS_CORS_ORIGINS"):
        _origins(f"https://a.example,{origin}", production=True)


def test_origins_on_this_machine_may_go_without_tls() -> None:
    assert _origins("http://localhost:3000", production=True)["CORS_ALLOWED_ORIGINS"] == ["http://localhost:3000"]
    assert _origins("http://shop.test", production=False)["CORS_ALLOWED_ORIGINS"] == ["http://shop.test"]
    assert _origins("", production=False)["CORS_URLS_REGEX"] == r"(?!)"


@pytest.fixture
def shared(settings: Any) -> None:
    """Pages of the shop's origin may call the API."""
    for name, value in _origins(SHOP, production=True).items():
        if name.startswith("CORS_"):
            setattr(settings, name, value)


@pytest.mark.usefixtures("shared")
def test_a_preflight_is_answered_without_a_token_and_uncounted(anyone: Caller, settings: Any) -> None:
    settings.ALTIS_RATE_LIMITS = "default=1/60:1"

    replies = [anyone.send("OPTIONS", "/v1/echo", **PREFLIGHT) for _ in range(3)]

    for reply in replies:
        assert (reply.status_code, reply.content, reply["Access-Control-Allow-Origin"]) == (200, b"", SHOP)
        assert reply["Access-Control-Allow-Headers"] == (
            "authorization, content-type, idempotency-key, traceparent, x-request-id"
        )
        assert reply["Access-Control-Max-Age"] == "600"
        assert "origin" in reply["Vary"]
        assert not {"Access-Control-Allow-Credentials", "RateLimit-Limit"} & set(reply.headers)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(("path", "status"), [("/v1/events", 200), ("/v1/nothing", 404), ("/v1/own/%00", 400)])
@pytest.mark.django_db
def test_the_shop_may_read_replies_refusals_and_our_headers(anyone: Caller, path: str, status: int) -> None:
    reply = anyone.get(path, Origin=SHOP)

    assert (reply.status_code, reply["Access-Control-Allow-Origin"]) == (status, SHOP)
    assert reply["Access-Control-Expose-Headers"] == (
        "etag, idempotent-replay, location, ratelimit-limit, ratelimit-policy, ratelimit-remaining, ratelimit-reset, "
        "retry-after, x-request-id"
    )


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("origin", ["https://evil.example", "http://shop.example", f"{SHOP}.evil.example", "null"])
def test_another_origin_may_read_nothing(anyone: Caller, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        reply = anyone.send(method, "/v1/nothing", **{**PREFLIGHT, "Origin": origin})
        assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.usefixtures("shared")
def test_pages_outside_the_api_are_shared_with_nobody() -> None:
    for path in ("/", "/v1", "/healthz", "/admin/login/"):
        assert "Access-Control-Allow-Origin" not in Client().get(path, headers={"Origin": SHOP}).headers


def test_without_the_setting_options_is_answered_as_any_other_method(anyone: Caller) -> None:
    reply = anyone.send("OPTIONS", "/v1/nothing", **PREFLIGHT)

    assert_problem(reply, 404, "not_found")
    assert not {name for name in reply.headers if name.startswith("Access-Control")}
