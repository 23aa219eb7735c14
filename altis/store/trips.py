"""One round trip to Redis for some commands, without the ceremony of a client that knows every command.

Connecting is left to redis-py, which reads address, TLS, password and database as everywhere. What is saved is what it
does around each call: a call of its own cost five times as much processor time as the trip itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import getpid
from threading import local
from typing import Any, Final, TypeAlias

import hiredis
from redis import ConnectionPool, Redis
from redis.exceptions import RedisError, ResponseError

Command: TypeAlias = tuple[str | bytes | int, ...]
NOTHING: Final = object()
_pack: Any = hiredis.pack_command  # typed more narrowly than it is
_thread = local()


class _Rider:
    """A command that waits for a trip, and its reply when it has come back."""

    __slots__ = ("command", "database", "reply")

    def __init__(self, command: Command, database: object) -> None:
        self.command, self.database, self.reply = command, database, NOTHING


def ask(commands: Sequence[Command], *, client: Redis) -> list[Any]:
    """The replies to these commands, in their order, in one round trip; what the server refuses is a ResponseError.

    Refusals are returned, not raised. Raises RedisError or OSError when the server does not answer: then nobody knows
    what it has done. Nothing is tried again. Safe under threads: a connection belongs to one caller at a time.
    """
    pool = client.connection_pool
    rider: _Rider | None = getattr(_thread, "waiting", None)
    if rider is None or rider.database != _database(pool):
        return _ask(commands, pool)
    _thread.waiting = None
    *replies, reply = _ask([*commands, rider.command], pool)
    if not isinstance(reply, ResponseError):
        rider.reply = reply
    return replies


@contextmanager
def taking_along(command: Command, *, client: Redis) -> Iterator[None]:
    """Within the block, this thread's next trip to the same database takes a reading command along, for `brought`."""
    _thread.waiting = _thread.rider = _Rider(command, _database(client.connection_pool))
    try:
        yield
    finally:
        _thread.waiting = _thread.rider = None


def brought(command: Command) -> Any:
    """What a trip has brought of this command, told once; NOTHING when there was none, or it failed."""
    rider: _Rider | None = getattr(_thread, "rider", None)
    if rider is None or rider.command != command:
        return NOTHING
    _thread.waiting = None  # whoever asks goes to fetch it now, if it has not come
    reply, rider.reply = rider.reply, NOTHING
    return reply


def _ask(commands: Sequence[Command], pool: ConnectionPool) -> list[Any]:
    idle: list[Any] = vars(pool).setdefault("altis_idle", [])
    connection = _fit(pool, idle)
    try:
        connection.send_packed_command([b"".join([_pack(command) for command in commands])])
        replies = [_reply(connection) for _ in commands]
    except BaseException:
        # Its answers would be taken for the next ones.
        _throw_away(connection, pool)
        raise
    if connection.should_reconnect():
        _throw_away(connection, pool)
    else:
        idle.append(connection)
    return replies


def _database(pool: ConnectionPool) -> tuple[Any, ...]:
    """Which database a pool's connections lead to; how patient they are does not matter."""
    about = pool.connection_kwargs
    return pool.connection_class, about.get("host"), about.get("port"), about.get("path"), about.get("db")


def _fit(pool: ConnectionPool, idle: list[Any]) -> Any:
    """A connection that this process has opened, on which nothing is under way and nobody has hung up."""
    while True:
        try:
            connection = idle.pop()
        except IndexError:
            return pool.get_connection()
        if connection.pid != getpid():
            continue  # a parent's, who goes on using it
        try:
            if not connection.can_read():
                return connection
        except (RedisError, OSError):
            pass
        _throw_away(connection, pool)


def _throw_away(connection: Any, pool: ConnectionPool) -> None:
    """Close it and give it back: whoever gets it from the pool connects it anew."""
    connection.disconnect()
    pool.release(connection)


def _reply(connection: Any) -> Any:
    try:
        return connection.read_response()
    except ResponseError as refusal:
        return refusal
