"""What protects a request on its way: HTTPS, cookies, content security policy, cross-origin calls."""

from typing import Any


def settings(env: Any, *, production: bool, proxies: int) -> dict[str, Any]:
    """Django's settings of transport and headers; `env` is django-environ's, `proxies` how many stand in front."""
    always = {"SECURE_CONTENT_TYPE_NOSNIFF": True, "X_FRAME_OPTIONS": "DENY"}
    return {**always, **(_production(env, proxies) if production else {})}


def _production(env: Any, proxies: int) -> dict[str, Any]:
    return {
        "SECURE_SSL_REDIRECT": env.bool("ALTIS_SSL_REDIRECT", True),
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None,
        "SECURE_HSTS_SECONDS": env.int("ALTIS_HSTS_SECONDS", 31_536_000),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        # Probes reach the container directly, over plain HTTP.
        "SECURE_REDIRECT_EXEMPT": [r"^healthz$", r"^readyz$", r"^metrics$"],
    }
