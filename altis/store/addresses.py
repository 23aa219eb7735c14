"""Where the Redis-compatible store is, and how each of our uses of it is set up."""

from typing import Any


def redis_database(url: str, offset: int) -> str:
    """The address of the database `offset` further on the same server."""
    head, _, number = url.rpartition("/")
    return f"{head}/{int(number) + offset}" if number.isdigit() else f"{url.rstrip('/')}/{offset}"


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
