"""Planted in the ledger: rows are updated as the order's items stand, so that two orders wait for each other (N12)."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, local
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from altis.shared.actors import Actor, Cause
from altis.store.database import retried
from altis.store.pipeline import flush
from catalog.services import ledger
from offers.documents import OfferDocument
from orders.services import place as placing
from orders.services.draft import draft_order
from tests.api.threads import at_once
from tests.controls.witness import noticed
from tests.offers import market
from tests.orders.trips import offer_for, place

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bundles")]
THERE_AND_BACK = (("LHR", "JFK"), ("JFK", "LHR"))
DEADLOCK = "40P01"


@pytest.fixture
def victims(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What PostgreSQL said each time a command had to be run again."""
    told: list[str] = []

    def listening(work: Callable[[], None]) -> None:
        def heard() -> None:
            try:
                work()
            except OperationalError as error:
                told.append(str(getattr(error.__cause__, "sqlstate", "")))
                raise

        retried(heard)

    monkeypatch.setattr(placing, "retried", listening)
    return told


def two_trips(owner: Actor, *, rounds: int) -> list[str]:
    """Two orders over the same two flights at once; the items of the second stand the other way round."""
    market.fly()
    market.fly("200", way=("JFK", "LHR"), day=market.soon(17))

    def backwards(*arguments: Any, **named: Any) -> Any:
        draft = draft_order(*arguments, **named)
        if draft.order.offer_id in turned:
            draft.items.reverse()
        return draft

    turned: set[str] = set()
    ends: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placing, "draft_order", backwards)
        for _ in range(rounds):
            offers = [offer_for(ways=THERE_AND_BACK) for _ in range(2)]
            turned.add(offers[1].id)
            ends += at_once(2, partial(_next_of, iter(offers), owner))
    return ends


def _next_of(offers: Iterator[OfferDocument], owner: Actor) -> str:
    return place(next(offers), owner).status


@pytest.mark.guarded("N12")
def test_rows_that_are_locked_in_ascending_order_know_no_deadlock(owner_actor: Actor, victims: list[str]) -> None:
    assert two_trips(owner_actor, rounds=5) == ["PROPOSED"] * 10

    assert (victims, noticed()) == ([], set())


@pytest.mark.control("N12")
def test_rows_that_are_updated_in_the_order_of_the_items_deadlock(
    owner_actor: Actor, victims: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    update, met, been = ledger._update, Barrier(2, timeout=10), local()

    def one_by_one(kind: Any, by_inventory: dict[int, Any], cause: Cause) -> SimpleNamespace:
        answers = []
        for number, (id, holds) in enumerate(by_inventory.items()):
            if number == 1 and not hasattr(been, "here"):  # each has its first row before either asks for its second
                been.here = True
                flush()
                met.wait()
            answers.append(update(kind, {id: holds}, cause))
        return SimpleNamespace(rows=lambda: [row for answer in answers for row in answer.rows()])

    monkeypatch.setattr(ledger, "_update", one_by_one)

    assert two_trips(owner_actor, rounds=1) == ["PROPOSED"] * 2

    assert victims == [DEADLOCK]
    assert noticed() == set(), "the victim is placed after all: a deadlock costs a second, never a seat"
