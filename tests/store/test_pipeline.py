"""The queue of statements: they wait for whoever needs an answer, in their order, and nothing is lost or half done."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from altis.shared.errors import Conflict
from altis.store.database import command, db_clock
from altis.store.models import OutboxEvent
from altis.store.pipeline import flush, put, queue, together
from altis.store.statements import Answer, was_answered
from tests.wire import listening

pytestmark = pytest.mark.django_db(transaction=True)
_ONE = b"SELECT $1::int"
_EXPECT = b"SELECT altis_expect($1, $2)"
_NOTE = b"INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, error)" \
    b" VALUES ('evt_' || $1, 't', 't', $1, 1, '{}', '{}', '')"  # fmt: skip


@pytest.fixture(autouse=True)
def _prepared() -> Iterator[None]:
    """The session is there."""
    connection.ensure_connection()
    yield
    assert queue().waiting == []


def subjects() -> list[str]:
    return list(OutboxEvent.objects.order_by("position").values_list("subject", flat=True))


def run(*steps: Callable[[], object]) -> None:
    """A command of these steps."""
    with command():
        for step in steps:
            step()


def note(subject: str, **about: Any) -> Callable[[], object]:
    return lambda: put(_NOTE, subject, **about)


def one(**about: Any) -> Callable[[], object]:
    return lambda: put(_ONE, 1, **about)


def expect(met: int, wanted: int, **about: Any) -> Callable[[], object]:
    return lambda: put(_EXPECT, met, wanted, **about)


def refuse(_: Answer) -> None:
    raise Conflict("not this time")


def test_a_command_that_only_writes_is_one_round_trip() -> None:
    with listening() as wire, command():
        put(_NOTE, "a")
        put(_NOTE, "b")

    assert wire.round_trips == 1
    assert wire.statements[0] == wire.statements[-1] == '"" "" 0 0 1 0', "BEGIN and COMMIT"
    assert subjects() == ["a", "b"]


def test_asking_sends_what_waits_and_answers_are_kept() -> None:
    with listening() as wire, command():
        first, second = put(_ONE, 1), put(_ONE, 2)
        assert (second.rows(), first.rows(), first.count()) == ([("2",)], [("1",)], 1)

    assert wire.round_trips == 2, "the answers, and the COMMIT"


def test_what_waits_goes_before_what_django_executes_itself() -> None:
    with command():
        put(_NOTE, "a")
        assert subjects() == ["a"]


def test_outside_a_command_nothing_waits() -> None:
    with transaction.atomic():
        put(_NOTE, "a")
        assert queue().waiting == []
    put(_NOTE, "b")

    assert subjects() == ["a", "b"]


def test_reads_may_travel_together_outside_a_command() -> None:
    with listening() as wire:
        with together():
            answers = [put(_ONE, number) for number in range(5)]
        assert [answer.rows() for answer in answers] == [[(str(number),)] for number in range(5)]

    assert wire.round_trips == 1


def test_a_check_that_refuses_takes_the_transaction_with_it_and_comes_before_the_commit() -> None:
    with pytest.raises(Conflict, match="not this time"):
        run(note("a", check=refuse), note("b"))

    assert subjects() == []
    assert connection.get_autocommit()


def test_a_statement_that_judges_itself_is_refused_in_place_of_the_commit() -> None:
    with listening() as wire, pytest.raises(Conflict) as refused:
        run(note("a"), expect(0, 1, refusals={"AL001": Conflict}))

    assert (was_answered(refused.value), subjects()) == (True, [])
    assert wire.round_trips == 2, "the writes, and the rollback"


def test_a_broken_rule_is_what_it_always_is() -> None:
    put(_NOTE, "a")

    with pytest.raises(IntegrityError, match="store_outboxevent_id_key") as broken:
        run(note("a"))

    assert was_answered(broken.value)
    assert db_clock() is not None, "the connection goes on"


def test_a_broken_rule_can_be_a_refusal_by_its_name() -> None:
    put(_NOTE, "a")

    with pytest.raises(Conflict):
        run(note("a", refusals={"store_outboxevent_id_key": Conflict}))


def test_the_first_that_fails_is_told_and_what_was_answered_before_it_is_judged_first() -> None:
    with pytest.raises(Conflict, match="not this time"):
        run(one(check=refuse), expect(0, 1), flush)
    with pytest.raises(DatabaseError, match="expected 1 rows, found 0"):
        run(expect(0, 1), one(check=refuse), flush)


def test_a_session_that_ends_leaves_the_outcome_unknown() -> None:
    with pytest.raises(OperationalError) as lost:
        run(lambda: put(b"SELECT pg_terminate_backend(pg_backend_pid())"), note("a"))

    assert was_answered(lost.value) is False
    connection.close()
    assert subjects() == []


def test_a_command_in_a_command_leaves_the_queue_to_the_first() -> None:
    with command():
        put(_NOTE, "a")
        with pytest.raises(RuntimeError, match="durable"):
            run(note("b"))

    assert subjects() == ["a"]


def test_a_statement_that_took_too_long_is_known_to_have_failed(settings: Any) -> None:
    settings.ALTIS_STATEMENT_TIMEOUT_MS = 20

    with pytest.raises(OperationalError) as late:
        run(note("a"), lambda: put(b"SELECT pg_sleep(1)"))

    assert (was_answered(late.value), subjects()) == (True, [])


def test_what_a_failed_command_has_queued_is_forgotten() -> None:
    with pytest.raises(ZeroDivisionError):
        run(note("a"), lambda: 1 / 0)

    assert (queue().waiting, subjects()) == ([], [])


def test_hooks_after_the_commit_find_no_queue() -> None:
    seen: list[object] = []
    with command():
        transaction.on_commit(lambda: seen.append(put(_ONE, 1).rows()))
        put(_NOTE, "a")

    assert seen == [[("1",)]]


def test_a_nul_is_no_text() -> None:
    with pytest.raises(ValueError, match="NUL"):
        put(_NOTE, "a\0b")


def test_what_the_server_has_forgotten_is_prepared_anew() -> None:
    put(_ONE, 1)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    with pytest.raises(Exception, match="does not exist"):
        put(_ONE, 2)

    assert put(_ONE, 3).rows() == [("3",)]
