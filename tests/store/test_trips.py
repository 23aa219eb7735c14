"""Round trips to Redis: replies in order, refusals, connections that ended, and commands that ride along."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from redis import ConnectionPool, Redis
from redis.commands.core import Script
from redis.exceptions import ConnectionError, ResponseError, TimeoutError

from altis.store.redis import asked, client, patient_client, run, run_together, script
from altis.store.trips import NOTHING, Command, ask, brought, taking_along
from tests.store.away import redis_nowhere

GET = ("GET", "trips:a")
_ECHO = "return {KEYS[1], ARGV[1]}"


@pytest.fixture(autouse=True)
def _a() -> Iterator[None]:
    client().set("trips:a", "1")
    yield
    client().delete("trips:a")


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    path = tmp_path / "echo.lua"
    path.write_text(_ECHO)
    return path


def _idle(redis: Redis) -> list[object]:
    idle: list[object] = vars(redis.connection_pool).setdefault("altis_idle", [])
    return idle


def test_replies_come_in_the_order_of_the_commands_and_a_refusal_is_one_of_them() -> None:
    found, refused, again = ask([GET, ("INCR", "trips:a", "too many"), GET], client=client())

    assert (found, again) == (b"1", b"1")
    assert isinstance(refused, ResponseError)
    with pytest.raises(ResponseError):
        asked("HGETALL", "trips:a", client=client())


def test_a_connection_is_used_again_and_by_one_caller_at_a_time() -> None:
    ask([GET], client=client())
    known = _idle(client())[-1]

    told = [ask([GET], client=client()) for _ in range(3)]
    threads = [threading.Thread(target=lambda: told.append(ask([GET], client=client()))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [[b"1"]] * 19
    assert known in _idle(client())
    assert len(set(map(id, _idle(client())))) == len(_idle(client()))


def test_connections_that_the_server_has_ended_are_replaced_unnoticed() -> None:
    [mine] = ask([("CLIENT", "ID")], client=client())  # no other: the server is that of all who test at this time
    assert client().client_kill_filter(_id=str(mine)) == 1

    assert ask([GET], client=client()) == [b"1"]


def test_a_connection_of_a_parent_process_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ask([GET], client=client())
    parents = list(_idle(client()))
    for connection in parents:
        monkeypatch.setattr(connection, "pid", 1)

    assert ask([GET], client=client()) == [b"1"]

    assert not set(parents) & set(_idle(client()))
    assert all(vars(connection)["_sock"] is not None for connection in parents)


def test_a_server_that_does_not_answer_costs_the_connection() -> None:
    about = {**client().connection_pool.connection_kwargs, "socket_timeout": 0.05}
    hurried = Redis(connection_pool=ConnectionPool(**about))

    with pytest.raises(TimeoutError):
        ask([("BLPOP", "trips:none", 5)], client=hurried)

    assert _idle(hurried) == []
    assert ask([GET], client=hurried) == [b"1"]
    hurried.close()
    with pytest.raises(ConnectionError):
        ask([GET], client=redis_nowhere())


def test_a_script_that_the_server_has_lost_is_sent_again(echo: Path) -> None:
    calls = [("k1", ["a"]), ("k2", ["b"])]
    client().script_flush()

    assert run_together(echo, calls, client=client()) == [[b"k1", b"a"], [b"k2", b"b"]]
    client().script_flush()
    assert run(echo, ["k1", "k2"], ["c"], client=client()) == [b"k1", b"c"]
    assert client().script_exists(cast("Script", script(echo)).sha) == [True]


def test_a_script_that_was_lost_between_two_calls_runs_each_of_them_once(
    echo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo.write_text("return redis.call('INCR', KEYS[1])")
    run(echo, ["trips:a"], [], client=client())
    lost: list[Command] = [("SCRIPT", "FLUSH")]
    monkeypatch.setattr("altis.store.redis.ask", lambda commands, **about: _between(commands, lost, **about))

    assert run_together(echo, [("trips:a", []), ("trips:a", [])], client=client()) == [3, 4]


def test_what_rides_along_costs_no_trip_and_is_told_once() -> None:
    with taking_along(GET, client=patient_client()):
        ask([("PING",)], client=client())
        client().set("trips:a", "2")

        first, second = (asked(*GET, client=patient_client()) for _ in range(2))

    assert (first, second, brought(GET)) == (b"1", b"2", NOTHING)


def test_nothing_rides_to_another_database_or_in_another_thread_or_for_another_command() -> None:
    told: list[object] = []
    with taking_along(GET, client=redis_nowhere()):
        assert ask([("PING",)], client=client()) == [b"PONG"]
        assert brought(GET) is NOTHING

    with taking_along(GET, client=client()):
        other = threading.Thread(target=lambda: told.extend(ask([("PING",)], client=client())))
        other.start()
        other.join()
        ask([("PING",)], client=client())
        assert brought(("GET", "trips:b")) is NOTHING

    assert told == [b"PONG"]


def test_what_is_fetched_before_any_trip_is_fetched_once() -> None:
    with taking_along(GET, client=client()):
        assert asked(*GET, client=client()) == b"1"
        client().set("trips:a", "2")
        ask([("PING",)], client=client())

        assert asked(*GET, client=client()) == b"2"


def test_a_trip_that_failed_has_brought_nothing_and_the_command_goes_by_itself() -> None:
    hurried = Redis(
        connection_pool=ConnectionPool(**{**client().connection_pool.connection_kwargs, "socket_timeout": 0.05})
    )
    with taking_along(GET, client=client()):
        with pytest.raises(TimeoutError):
            ask([("BLPOP", "trips:none", 5)], client=hurried)

        assert asked(*GET, client=client()) == b"1"
    hurried.close()


def _between(commands: list[Command], lost: list[Command], **about: Redis) -> list[object]:
    replies = ask([commands[0], *lost, *commands[1:]], **about)
    taken, lost[:] = len(lost), []
    return [replies[0], *replies[1 + taken :]]
