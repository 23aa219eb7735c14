"""The real servers: kept alive, kept apart, their data kept."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import confluent_kafka.admin
import psycopg
import pytest
import redis

from altis.devstack.account import server_account
from altis.devstack.process import is_alive
from tests.devstack.stacks import RunningStack, running, servers_only, until


def _keep_a_row(stack: RunningStack) -> None:
    with psycopg.connect(stack.url("DATABASE_URL")) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('ledger')")


def _rows(stack: RunningStack) -> list[tuple[str, ...]]:
    with psycopg.connect(stack.url("DATABASE_URL")) as connection:
        return connection.execute("SELECT word FROM kept").fetchall()


def _store(stack: RunningStack) -> redis.Redis:
    return redis.Redis.from_url(stack.url("REDIS_URL"))


def _kill_and_wait(stack: RunningStack, name: str) -> None:
    old = stack.server(name)
    os.kill(old.pid, signal.SIGKILL)
    assert until(lambda: not is_alive(old) and name in stack.record()["processes"] and stack.server(name) != old)
    assert until(lambda: f"{name:<9} restarted in" in stack.text())


def test_killed_servers_come_back_on_their_ports_with_their_data(state: Path) -> None:
    with running(state) as stack:
        before = dict(stack.record()["environment"])
        _keep_a_row(stack)
        with _store(stack) as store:
            store.set("gate", "closed")
            store.execute_command("WAITAOF", 1, 0, 5000)

        for name in ("postgres", "valkey", "broker"):
            _kill_and_wait(stack, name)

        assert stack.record()["environment"] == before
        assert _rows(stack) == [("ledger",)]
        with _store(stack) as store:
            assert store.get("gate") == b"closed"
        admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": stack.url("KAFKA_BOOTSTRAP_SERVERS")})
        assert admin.list_topics(timeout=10).brokers
        assert stack.end() == 0
    assert stack.left_over() == []


def test_servers_refuse_those_without_the_password(state: Path) -> None:
    with running(state, "postgres", "valkey") as stack:
        _, _, place = stack.url("DATABASE_URL").rpartition("@")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://altis@{place}")
        _, _, place = stack.url("REDIS_URL").rpartition("@")
        with redis.Redis.from_url(f"redis://{place}") as store, pytest.raises(redis.AuthenticationError):
            store.ping()


def test_everything_killed_comes_back_with_its_data(state: Path) -> None:
    with running(state, "postgres", "valkey") as stack:
        _keep_a_row(stack)
        for victim in (stack.process.pid, stack.server("postgres").pid, stack.server("valkey").pid):
            os.kill(victim, signal.SIGKILL)
        stack.process.wait(10)

    with running(state, "postgres", "valkey") as again:
        assert _rows(again) == [("ledger",)]


def test_servers_do_not_outlive_a_killed_supervisor(state: Path) -> None:
    with running(state) as stack:
        servers = [stack.server(name) for name in ("postgres", "valkey", "broker")]

        assert stack.end(signal.SIGKILL) == -signal.SIGKILL

        assert until(lambda: not any(is_alive(server) for server in servers))


def test_stale_lock_whose_number_has_a_new_owner_is_removed(state: Path) -> None:
    with running(state, "postgres") as stack:
        _keep_a_row(stack)
    lock = state / "services" / "postgres" / "data" / "postmaster.pid"
    account = server_account()
    with subprocess.Popen(["/bin/sleep", "60"], **(account.popen_arguments() if account else {})) as stranger:
        lock.write_text(f"{stranger.pid}\n{lock.parent}\n1\n5432\n\n127.0.0.1\n")

        with running(state, "postgres") as again:
            assert _rows(again) == [("ledger",)]
            assert "removed the stale postmaster.pid" in again.text()

        assert stranger.poll() is None
        stranger.kill()


def test_half_made_database_is_made_anew(state: Path) -> None:
    data = state / "services" / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")
    shutil.chown(state, os.geteuid())

    with running(state, "postgres") as stack:
        _keep_a_row(stack)
        assert _rows(stack) == [("ledger",)]
        assert "left half-made: making it anew" in stack.text()


def test_two_stacks_run_side_by_side(state: Path) -> None:
    with running(state, "valkey") as one, running(state.with_name("other"), "valkey") as other:
        mine, theirs = _store(one), _store(other)
        mine.set("whose", "mine")

        assert theirs.get("whose") is None

        mine.close()
        theirs.close()


def test_second_start_on_the_same_folder_is_refused(state: Path) -> None:
    with running(state, "valkey") as stack:
        second = servers_only(state, "valkey")

        assert second.process.wait(10) == 1
        assert f"already running here: process {stack.process.pid} on port 8080" in stack.text()
        assert is_alive(stack.server("valkey"))


def test_port_of_last_time_that_is_taken_now_is_given_up(state: Path) -> None:
    with running(state, "valkey") as stack:
        port = int(stack.record()["ports"]["valkey"])

    with socket.create_server(("127.0.0.1", port)), running(state, "valkey") as again:
        assert again.record()["ports"]["valkey"] != port
