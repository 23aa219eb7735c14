"""The engine's Redis: one client, scripts by file, and one error for every way in which it can be away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from django_redis import get_redis_connection
from redis import Redis
from redis.exceptions import NoScriptError, RedisError

from altis.shared.errors import Unavailable


class StoreDown(Unavailable):
    """Redis does not answer, or refuses to write."""

    message = "The offer store is not available. Try again shortly."


def client() -> Redis:
    """The gate's connections, with little patience (never Django's cache, never Celery's broker)."""
    return cast("Redis", get_redis_connection("engine"))


def patient_client() -> Redis:
    """The same database for what nothing can stand in for: a live offer is worth a second where the gate is not."""
    return cast("Redis", get_redis_connection("offers"))


@contextmanager
def reaching_redis() -> Iterator[None]:
    """Turn every Redis failure inside into StoreDown."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreDown(retry_after=1) from error


@cache
def script(path: Path) -> Callable[..., Any]:
    """A Lua script from a file, called as `run(keys=[…], args=[…], client=…)`; survives SCRIPT FLUSH."""
    return client().register_script(path.read_text(encoding="utf-8"))


def run_together(path: Path, calls: Sequence[tuple[str, Sequence[Any]]], *, client: Redis) -> list[Any]:
    """The answers of one script to many calls (key, arguments), in one round trip.

    redis-py's own pipelines ask first whether the server has the script. Here a server that lacks it has run nothing,
    and is given it.
    """
    known = cast("Any", script(path))
    for first in (True, False):
        with client.pipeline(transaction=False) as pipeline:
            for key, args in calls:
                pipeline.evalsha(known.sha, 1, key, *args)
            try:
                return list(pipeline.execute())
            except NoScriptError:
                if not first:
                    raise
                client.script_load(known.script)
    raise AssertionError("unreachable: the second try returns or raises")
