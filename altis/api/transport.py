"""What protects a request on its way: HTTPS, cookies, content security policy, cross-origin calls."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from altis.api.policies import PAGES

# Scheme, host and perhaps a port: no path, no wildcard, no expression.
_ORIGIN = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_NEVER = r"(?!)"


def settings(env: Any, *, production: bool, proxies: int) -> dict[str, Any]:
    """Django's settings of transport and headers; `env` is django-environ's, `proxies` how many stand in front.

    Raises ImproperlyConfigured naming the variable that is unusable.
    """
    always = {
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "X_FRAME_OPTIONS": "DENY",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "WHITENOISE_ALLOW_ALL_ORIGINS": False,  # static files are for our own pages
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": dict(PAGES)},
        **_cors(env.list("ALTIS_CORS_ORIGINS", default=[]), production),
    }
    return {**always, **(_production(env, proxies) if production else {})}


def hosts(text: str, *, production: bool) -> list[str]:
    """The host names that requests may name; raises ImproperlyConfigured where production would take any."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if production and "*" in names:
        raise ImproperlyConfigured("ALTIS_ALLOWED_HOSTS must name the hosts: production refuses *")
    return names


def _production(env: Any, proxies: int) -> dict[str, Any]:
    return {
        "SECURE_SSL_REDIRECT": env.bool("ALTIS_SSL_REDIRECT", True),
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None,
        "SECURE_HSTS_SECONDS": env.int("ALTIS_HSTS_SECONDS", 31_536_000),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        # With this prefix browsers take them only over HTTPS, from this very host and for the whole of it.
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        # Probes reach the container directly, over plain HTTP.
        "SECURE_REDIRECT_EXEMPT": [r"^healthz$", r"^readyz$", r"^metrics$"],
    }


def _cors(origins: list[str], production: bool) -> dict[str, Any]:
    """Settings of django-cors-headers: exact origins, /v1 only, no cookies."""
    for origin in origins:
        _check(origin, production)
    return {
        "CORS_ALLOWED_ORIGINS": origins,
        # Where nobody may call from elsewhere, OPTIONS is answered as any other method is.
        "CORS_URLS_REGEX": r"^/v1/" if origins else _NEVER,
        "CORS_ALLOW_CREDENTIALS": False,
        "CORS_ALLOW_METHODS": ["DELETE", "GET", "PATCH", "POST", "PUT"],
        "CORS_ALLOW_HEADERS": ["authorization", "content-type", "idempotency-key", "traceparent", "x-request-id"],
        "CORS_EXPOSE_HEADERS": [
            "etag",
            "idempotent-replay",
            "location",
            "ratelimit-limit",
            "ratelimit-policy",
            "ratelimit-remaining",
            "ratelimit-reset",
            "retry-after",
            "x-request-id",
        ],
        "CORS_PREFLIGHT_MAX_AGE": 600,
    }


def _check(origin: str, production: bool) -> None:
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        raise ImproperlyConfigured(f"ALTIS_CORS_ORIGINS: {origin!r} is not an origin such as https://shop.example")
    if production and match[1] == "http" and match[2] not in _LOCAL_HOSTS:
        raise ImproperlyConfigured(f"ALTIS_CORS_ORIGINS: {origin!r} must begin with https://")
