"""Orders from before there were blind indexes get theirs while serving, and nobody who was erased gets one."""

import threading
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from altis.accounts.emails import INDEX_PURPOSE
from altis.accounts.models import User
from altis.privacy import keys
from altis.privacy.blind import blind_index, name_index
from altis.privacy.keys import prefetch
from altis.privacy.services.erase import erase_person
from orders.models import Order, Passenger
from orders.models.parts import NAME_PURPOSE
from orders.services import index_people as indexing
from orders.services.index_people import index_people, waiting
from tests.orders.trips import CAUSE
from tests.payments.simulators import wait_until
from tests.privacy.people import held_order, make_customer

pytestmark = pytest.mark.django_db(transaction=True)
_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
_DEADLINE_SECONDS = 10.0


def _from_before(*users: User) -> None:
    """An order of two adults for each, as an earlier release left it; it does not stand in an erasure's way."""
    for user in users:
        held_order(user)
    Order.objects.update(contact_index="", status="EXPIRED")
    Passenger.objects.update(name_index="")


def _indexes() -> tuple[list[str], list[str]]:
    return (
        list(Passenger.objects.order_by("pk").values_list("name_index", flat=True)),
        list(Order.objects.order_by("pk").values_list("contact_index", flat=True)),
    )


NAME, CONTACT = name_index("PASSENGER", NAME_PURPOSE), blind_index("passenger@example.com", INDEX_PURPOSE)


def test_each_row_gets_the_index_that_it_would_have_been_written_with() -> None:
    _from_before(make_customer(), make_customer("other@example.com"))
    versions = list(Order.objects.values_list("version", flat=True))

    written = index_people(batch=1)

    assert (written, waiting()) == (6, 0)
    assert _indexes() == ([NAME] * 4, [CONTACT] * 2)
    assert list(Order.objects.values_list("version", flat=True)) == versions


def test_what_has_an_index_is_left_alone_and_a_second_time_does_nothing() -> None:
    _from_before(make_customer())
    Passenger.objects.filter(position=0).update(name_index="as it was")

    assert [index_people(), index_people()] == [2, 0]

    assert sorted(_indexes()[0]) == sorted(["as it was", NAME])


def test_who_was_erased_gets_none_and_is_not_waited_for() -> None:
    erased = make_customer()
    _from_before(erased, make_customer("other@example.com"))
    erase_person(person=erased.pk, cause=CAUSE)

    written = index_people()

    assert (written, waiting()) == (3, 0)
    assert set(Passenger.objects.filter(order__owner=erased).values_list("name_index", flat=True)) == {""}
    assert Order.objects.get(owner=erased).contact_index == ""


def _erased_meanwhile(monkeypatch: pytest.MonkeyPatch, user: User, over: Callable[[threading.Thread], bool]) -> None:
    """Index everybody; once the first rows are locked, somebody else erases the person, as far as `over` says."""
    began = threading.Event()
    monkeypatch.setattr(keys, "forget", lambda _subject: None)  # it is another process

    def erase() -> None:
        try:
            erase_person(person=user.pk, cause=CAUSE)
        finally:
            connection.close()

    eraser = threading.Thread(target=erase, daemon=True)

    def prefetch_then_erase(people: Any) -> None:
        prefetch(people)
        if not began.is_set():
            began.set()
            eraser.start()
            wait_until(lambda: over(eraser), _DEADLINE_SECONDS)

    monkeypatch.setattr(indexing, "prefetch", prefetch_then_erase)
    index_people()
    eraser.join(_DEADLINE_SECONDS)
    assert not eraser.is_alive()


def _waits_for_us(_eraser: threading.Thread) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS)
        return bool(cursor.fetchone()[0])


def test_an_erasure_at_the_same_moment_leaves_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_customer()
    _from_before(user)

    _erased_meanwhile(monkeypatch, user, _waits_for_us)

    assert _indexes() == (["", ""], [""])


def test_control_an_erasure_that_passes_by_blank_indexes_leaves_some(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_customer()
    _from_before(user)

    def forget_what_is_there(people: Any) -> None:
        Passenger.objects.filter(pk__in=people).exclude(name_index="").update(name_index="")

    monkeypatch.setattr("orders.personal.forget_names", forget_what_is_there)
    _erased_meanwhile(monkeypatch, user, lambda eraser: not eraser.is_alive())

    assert _indexes()[0] == [NAME] * 2


def _command(*flags: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("index_people", *flags, stdout=out, stderr=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_tells_by_its_exit_code_whether_some_are_left() -> None:
    _from_before(make_customer())

    looked, done, again = _command("--check"), _command("--batch", "2"), _command("--check")

    assert looked == (1, "3 rows are without an index\n")
    assert (done[0], "3 indexes written in" in done[1], "0 rows are without" in done[1]) == (0, True, True)
    assert again == (0, "0 rows are without an index\n")
