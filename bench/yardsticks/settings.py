"""Settings of a Django project as one would begin it: the same tables, the same Redis, the usual packages."""

from datetime import timedelta
from typing import Any

from altis.privacy.keyring import newest, parse_ring
from altis.settings import *  # noqa: F403  (the same tables, keys and servers; below is what differs)
from altis.settings import ALTIS_SIGNING_KEYS, ALTIS_TOKEN_AUDIENCE, ALTIS_TOKEN_ISSUER

DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.yardsticks.urls"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
SIMPLE_JWT: dict[str, Any] = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": newest(parse_ring("ALTIS_SIGNING_KEYS", ALTIS_SIGNING_KEYS))[1],
    "AUDIENCE": ALTIS_TOKEN_AUDIENCE,
    "ISSUER": ALTIS_TOKEN_ISSUER,
    "USER_ID_CLAIM": "sub",
    "ACCESS_TOKEN_LIFETIME": timedelta(days=1),
}
globals()["REST_FRAMEWORK"] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_THROTTLE_RATES": {"user": "1000000000/min"},
}
LOGGING_CONFIG = None
