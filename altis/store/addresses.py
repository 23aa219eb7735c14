"""Where PostgreSQL and the Redis-compatible store are, and how each of our uses of them is set up."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from altis.store.bounded import BoundedConnection

_SESSION = "-c idle_in_transaction_session_timeout=10000 -c timezone=UTC"


def postgres_database(url: Mapping[str, Any], *, pool_min: int, pool_max: int, test_name: str) -> dict[str, Any]:
    """Django's settings of a database; `url` is what django-environ made of its address.

    What stands behind the `?` goes to libpq as it is: `sslmode`, `sslrootcert`, `sslcert`, `sslkey` and the like.
    """
    given = dict(url.get("OPTIONS", {}))
    session = f"{_SESSION} {given.pop('options', '')}".rstrip()
    return {
        **url,
        "ENGINE": "altis.store.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            **given,
            "options": session,
            # One connection per serving thread; more of them lower the throughput of a hot inventory row.
            "pool": {
                "min_size": pool_min,
                "max_size": pool_max,
                "timeout": 5,
                "reconnect_timeout": 5,  # pauses between tries double until then; after it the next request tries anew
                "connection_class": BoundedConnection,
            },
        },
        "TEST": {"NAME": test_name},
    }


def redis_database(url: str, offset: int) -> str:
    """The address of the database `offset` further on the same server; options such as those of TLS stay."""
    parts = urlsplit(url)
    options = parse_qsl(parts.query, keep_blank_values=True)
    # As the client reads it: a number among the options goes before one in the path.
    number = dict(options).get("db") or parts.path.strip("/") or "0"
    query = urlencode([(name, value) for name, value in options if name != "db"])
    return urlunsplit(parts._replace(path=f"/{int(number) + offset}", query=query))


def broker_url(url: str, *, redis_url: str) -> str:
    """Celery's broker: the database after the cache's, unless `url` names another.

    Only when the address itself says so does Celery's client use TLS and verify the other side.
    """
    parts = urlsplit(url or redis_database(redis_url, 2))
    if url and parts.scheme != "rediss":
        return url
    options = dict(parse_qsl(parts.query))
    if not url:  # the others are for the other client
        options = {name: value for name, value in options.items() if name.startswith("ssl_")}
    if parts.scheme == "rediss":
        options = {"ssl_cert_reqs": "required", **options}
    return urlunsplit(parts._replace(query=urlencode(options)))


def redis_caches(url: str, *, cache_url: str, timeout: float, patience: float) -> dict[str, dict[str, Any]]:
    """Django's CACHES: a cache that may fail, the engine's gate with a short time-out, the live offers with more.

    The gate and the live offers are alone in their database, so clearing the cache or the broker spares them.
    """
    options = {
        "CLIENT_CLASS": "django_redis.client.DefaultClient",
        "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
        "SOCKET_CONNECT_TIMEOUT": timeout,
        "SOCKET_TIMEOUT": timeout,
    }
    # Named, since django-redis shares the connections of one address, whatever their options.
    named = f"{url}{'&' if '?' in url else '?'}client_name=offers"
    return {
        "default": _cache(cache_url or redis_database(url, 1), {**options, "IGNORE_EXCEPTIONS": True}),
        "engine": _cache(url, options),
        "offers": _cache(named, {**options, "SOCKET_TIMEOUT": patience}),
    }


def _cache(location: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": location, "OPTIONS": options}
