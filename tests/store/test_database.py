"""The database's clock, bounded waits, and commands that a deadlock made a victim of."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from altis.store.database import command, db_clock, retried
from altis.store.models import OutboxEvent
from altis.store.reading import find
from tests.conftest import Later
from tests.store.rows import note

pytestmark = pytest.mark.django_db
DEADLOCK, SERIALIZATION, LOCK_TIMEOUT = "40P01", "40001", "55P03"


class Victim:
    """Work that PostgreSQL ends with an error for the first so many times."""

    def __init__(self, code: str, times: int) -> None:
        self.code, self.times, self.runs = code, times, 0

    def __call__(self) -> str:
        self.runs += 1
        with transaction.atomic(), connection.cursor() as cursor:
            note(f"ord_{self.runs}", "work")
            if self.runs <= self.times:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'victim' USING ERRCODE = '{self.code}'; END $$")
        return "done"


@pytest.mark.parametrize("code", [DEADLOCK, SERIALIZATION])
def test_the_victim_of_a_deadlock_runs_again_from_the_start(code: str) -> None:
    work = Victim(code, times=2)

    assert retried(work) == "done"

    assert work.runs == 3
    assert [event.subject for event in OutboxEvent.objects.all()] == ["ord_3"]


def test_three_attempts_are_enough() -> None:
    work = Victim(DEADLOCK, times=9)

    with pytest.raises(OperationalError):
        retried(work)

    assert work.runs == 3
    assert not OutboxEvent.objects.exists()


def test_another_failure_is_not_tried_again() -> None:
    work = Victim(LOCK_TIMEOUT, times=9)

    with pytest.raises(OperationalError):
        retried(work)

    assert work.runs == 1


def test_waits_in_a_command_are_bounded() -> None:
    with command(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")

        assert cursor.fetchone() == ("2s", "5s")


@pytest.mark.django_db(transaction=True)
def test_in_a_command_a_list_of_ids_is_not_planned_anew_each_time() -> None:
    for _ in range(8):
        with command():
            find(OutboxEvent, "WHERE id = ANY($1)", ["evt_1"]).all()

    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement ~ 'id = ANY'")
        assert (8, 0) in cursor.fetchall()
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)


@pytest.mark.django_db(transaction=True)
def test_a_command_within_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), command():
        pass


def test_deadlines_follow_the_databases_clock(later: Later) -> None:
    later(3600)

    ahead = db_clock() - datetime.now(UTC)

    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)
