"""Accepting when the database makes difficulties: a lost answer to COMMIT, a taken reference, a deadlock."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from altis.shared.actors import Actor
from altis.shared.errors import Unavailable
from altis.store.database import command
from catalog.models import Flight
from catalog.services.holds import hold_units
from offers.documents import OfferDocument
from orders.models import Order
from orders.services import place as module
from orders.services.place import OutcomeUnknown, with_free_reference
from tests.catalog.books import figures, gate
from tests.factories import cabin_of
from tests.orders.books import contradictions
from tests.orders.commits import Commit
from tests.orders.trips import nothing_happens, offer_for, place

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_commit_that_was_done_though_its_answer_was_lost_is_found(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for()
    Commit(done=True)

    order = place(offer, owner_actor)

    assert Order.objects.get().pk == order.pk
    assert f"t:{offer.id}" in gate(cabin_of(flight))
    assert contradictions() == {}


def test_an_unknown_outcome_is_said_to_be_unknown_and_keeps_its_token(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for()
    Commit(done=False)

    with pytest.raises(OutcomeUnknown) as refusal:
        place(offer, owner_actor)

    assert refusal.value.retry_after == 10
    assert f"t:{offer.id}" in gate(cabin_of(flight))
    assert not Order.objects.exists()
    assert place(offer, owner_actor).status == "PROPOSED"
    assert figures(cabin_of(flight)) == (1, 0, 2)


def test_a_database_that_fails_before_the_commit_costs_nobody_a_seat(
    flight: Flight, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offer_for()

    def away(**_: Any) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(module, "hold_units", away)
    with nothing_happens(), pytest.raises(OperationalError):
        place(offer, owner_actor)


def test_a_bug_on_the_way_leaves_nothing_either(
    flight: Flight, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offer_for()
    monkeypatch.setattr(module, "begin_many", None)

    with nothing_happens(), pytest.raises(TypeError):
        place(offer, owner_actor)


def test_the_victim_of_a_deadlock_is_placed_after_all(
    flight: Flight, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["40P01", "40P01"])
    real = hold_units

    def sometimes(**needs: Any) -> None:
        if code := next(codes, ""):
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'victim' USING ERRCODE = '{code}'; END $$")
        real(**needs)

    monkeypatch.setattr(module, "hold_units", sometimes)
    order = place(offer_for(), owner_actor)

    assert (order.status, figures(cabin_of(flight))) == ("PROPOSED", (1, 0, 2))
    assert contradictions() == {}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The references that are drawn, last first, when one is taken."""
    references: list[str] = []
    monkeypatch.setattr(module, "new_reference", references.pop)
    return references


def _with_reference(offer: OfferDocument, actor: Actor, reference: str, monkeypatch: pytest.MonkeyPatch) -> Order:
    field = Order._meta.get_field("reference")
    with monkeypatch.context() as patch:
        patch.setattr(field, "_get_default", lambda: reference)
        return place(offer, actor)


def test_another_reference_is_drawn_when_one_is_taken(
    flight: Flight, owner_actor: Actor, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_reference(offer_for(), owner_actor, "AAAAAA", monkeypatch)
    drawn[:] = ["CCCCCC", "AAAAAA"]

    order = _with_reference(offer_for(), owner_actor, "AAAAAA", monkeypatch)

    assert (order.reference, drawn) == ("CCCCCC", [])
    assert Order.objects.get(pk=order.pk).reference == "CCCCCC"
    assert contradictions() == {}


def test_after_five_taken_references_the_caller_is_asked_to_come_again(
    flight: Flight, owner_actor: Actor, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_reference(offer_for(), owner_actor, "AAAAAA", monkeypatch)
    drawn[:] = ["AAAAAA"] * 9
    offer = offer_for()

    with nothing_happens(), pytest.raises(Unavailable):
        _with_reference(offer, owner_actor, "AAAAAA", monkeypatch)

    assert len(drawn) == 4


def test_another_broken_rule_is_no_taken_reference() -> None:
    def work() -> None:
        with command(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'rule' USING ERRCODE = '23514'; END $$")

    with pytest.raises(Exception, match="rule") as error:
        with_free_reference(Order(), work)

    assert type(error.value).__name__ == "IntegrityError"
