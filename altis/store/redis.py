"""The engine's Redis: one client, scripts by file, and one error for every way in which it can be away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django_redis import get_redis_connection
from redis import Redis
from redis.exceptions import NoScriptError, RedisError

from altis.shared.errors import Unavailable
from altis.store.trips import NOTHING, Command, ask, brought

_clients: dict[str, tuple[object, Redis]] = {}  # by alias, with the settings that they were made by


class StoreDown(Unavailable):
    """Redis does not answer, or refuses to write."""

    message = "The offer store is not available. Try again shortly."


def client() -> Redis:
    """The gate's connections, with little patience (never Django's cache, never Celery's broker)."""
    return _client("engine")


def patient_client() -> Redis:
    """The same database for what nothing can stand in for: a live offer is worth a second where the gate is not."""
    return _client("offers")


def _client(alias: str) -> Redis:
    """One for all threads; another as soon as the settings are others."""
    known = _clients.get(alias)
    if known is None or known[0] is not settings.CACHES:
        known = _clients[alias] = (settings.CACHES, cast("Redis", get_redis_connection(alias)))
    return known[1]


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


def run(path: Path, keys: Sequence[str], args: Sequence[str | int], *, client: Redis) -> Any:
    """The answer of one script, in one round trip."""
    [answer] = _run(path, [(len(keys), *keys, *args)], client=client)
    return answer


def run_together(path: Path, calls: Sequence[tuple[str, Sequence[str | int]]], *, client: Redis) -> list[Any]:
    """The answers of one script to many calls (key, arguments), in one round trip."""
    return _run(path, [(1, key, *args) for key, args in calls], client=client)


def asked(*command: str | bytes | int, client: Redis) -> Any:
    """The reply to one command, as the server gave it; when an earlier trip has brought it, there is no other."""
    reply = brought(command)
    if reply is NOTHING:
        [reply] = ask([command], client=client)
    if isinstance(reply, RedisError):
        raise reply
    return reply


def _run(path: Path, calls: Sequence[Command], *, client: Redis) -> list[Any]:
    """A call to which the server says that it lacks the script has run nothing: it is sent again, the script first."""
    known = cast("Any", script(path))
    commands: list[Command] = [("EVALSHA", known.sha, *call) for call in calls]
    answers = ask(commands, client=client)
    again = [place for place, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
    if again:
        client.script_load(known.script)
        told = ask([commands[place] for place in again], client=client)
        for place, answer in zip(again, told, strict=True):
            answers[place] = answer
    for answer in answers:
        if isinstance(answer, RedisError):
            raise answer
    return answers
