"""A server that says nothing: the wait for it ends, and its connection with it."""

import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from psycopg import Connection

from altis.store import bounded

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_statement_without_an_answer_is_given_up_with_its_connection(settings: Any) -> None:
    connection.ensure_connection()
    silent = connection.connection
    settings.ALTIS_DB_ANSWER_SECONDS = 0.3
    began = time.monotonic()

    with pytest.raises(OperationalError, match=r"no answer within 0\.3 s"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")

    assert (time.monotonic() - began < 1.5, silent.closed) == (True, True)
    connection.close()


def test_the_next_request_gets_a_connection_that_works(settings: Any) -> None:
    settings.ALTIS_DB_ANSWER_SECONDS = 0.3
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")

    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_without_a_bound_a_long_statement_ends_by_itself(settings: Any) -> None:
    settings.ALTIS_DB_ANSWER_SECONDS = 0

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.4)")

    assert connection.is_usable()


def idle_in_a_transaction() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 50")
        time.sleep(0.3)
        cursor.execute("SELECT 1")


def test_a_session_that_the_server_ended_for_idling_is_an_outage_and_no_bug() -> None:
    with pytest.raises(OperationalError, match="idle-in-transaction"):
        idle_in_a_transaction()

    connection.close()


def _borrow() -> Any:
    """A session from the pool, as each request takes one; and who serves it."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def _questions(monkeypatch: pytest.MonkeyPatch, fresh_seconds: float) -> int:
    """How often the server was asked whether it lives, by a request that comes right after another."""
    asked = []
    monkeypatch.setattr(bounded, "_FRESH_SECONDS", fresh_seconds)
    monkeypatch.setattr(Connection, "execute", lambda self, query, *_: asked.append(query))
    _borrow()
    monkeypatch.undo()
    return len(asked)


def test_a_session_that_has_just_answered_is_not_asked_whether_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(12):  # each of the pool's sessions, which take turns
        _borrow()

    assert _questions(monkeypatch, 60.0) == 0
    assert _questions(monkeypatch, 0.0) >= 1


def test_a_session_that_was_ended_meanwhile_is_replaced() -> None:
    ended = _borrow()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), set_config('application_name', 'other', false)")
    connection.close()

    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [ended])
        assert cursor.fetchone() == (True,)
    other.close()

    assert ended not in {_borrow() for _ in range(12)}
