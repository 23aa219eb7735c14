"""Planted in the inventory: the ledger that does not look (N1), the gate that forgets versions (N2), or tokens (N3)."""

from pathlib import Path
from typing import Any

import pytest

from altis.shared.actors import Actor
from catalog import inventory
from catalog.services import ledger
from catalog.services.holds import enter_gate
from orders.services import place as placing
from tests.catalog.books import figures, gate
from tests.controls.history import History, heard
from tests.controls.stage import Stage
from tests.controls.witness import noticed, overstated
from tests.factories import cabin_of
from tests.offers import market
from tests.orders.commits import Commit
from tests.orders.trips import offer_for, place
from tests.races.conftest import Without
from tests.races.racing import accept_all
from tests.store.away import redis_nowhere

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bundles")]
BUYERS = 7
LOOKS = b"AND capacity + forced_over - sold - held >= $5::int"
COMPARES = "tonumber(ARGV[3]) > tonumber(known)"


def buy_the_last_seat(token: str) -> History:
    """Everybody at once, while Redis is away: the ledger stands alone."""
    market.fly(seats=1)
    offers = [offer_for() for _ in range(BUYERS)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inventory, "client", redis_nowhere)
        replies = accept_all(token, offers)
    return History([heard(reply) for reply in replies], seats=1)


@pytest.mark.guarded("N1")
def test_the_ledger_alone_sells_the_last_seat_once(token: str) -> None:
    history = buy_the_last_seat(token)

    assert sorted(one.status for one in history.said) == [201, *[409] * (BUYERS - 1)]
    assert (history.contradictions(), noticed()) == (set(), set())


@pytest.mark.control("N1")
def test_a_ledger_that_does_not_look_at_what_is_left_oversells(
    token: str, without: Without, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LOOKS in ledger._CHANGE_ONE
    monkeypatch.setattr(ledger, "_CHANGE_ONE", ledger._CHANGE_ONE.replace(LOOKS, b"AND $5::int IS NOT NULL"))
    without("catalog_inventory", "inventory_never_oversold")

    history = buy_the_last_seat(token)

    assert "I1" in noticed()
    assert history.contradictions() == {"H5 no more is acknowledged than there is"}


def push_in_the_wrong_order(stage: Stage, owner: Actor) -> None:
    """The first order is committed first, and the gate is told of it last."""
    market.fly()
    first = offer_for()
    late = stage.stopped("accept.after_commit", lambda: place(first, owner).status)
    place(offer_for(), owner)
    stage.go_on()
    assert late.result() == "PROPOSED"


@pytest.mark.guarded("N2")
def test_a_push_that_comes_late_does_not_undo_a_newer_one(stage: Stage, owner_actor: Actor) -> None:
    push_in_the_wrong_order(stage, owner_actor)

    assert noticed("I7") == set()


@pytest.mark.control("N2")
def test_a_push_that_does_not_compare_versions_leaves_the_gate_wrong(
    stage: Stage, owner_actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = inventory._PUSH.read_text(encoding="utf-8")
    assert COMPARES in text
    (tmp_path / "push.lua").write_text(text.replace(COMPARES, "true"), encoding="utf-8")
    monkeypatch.setattr(inventory, "_PUSH", tmp_path / "push.lua")

    push_in_the_wrong_order(stage, owner_actor)

    assert "I7" in noticed("I7")


def lose_the_answer_to_a_commit(owner: Actor) -> Any:
    """The last seat is sold, and whoever sold it is not told."""
    seat = cabin_of(market.fly(seats=1))
    offer = offer_for()
    Commit(done=True)
    place(offer, owner)
    assert figures(seat) == (1, 0, 2)
    return seat


@pytest.mark.guarded("N3")
def test_after_an_unknown_commit_the_gate_keeps_the_token_and_lets_nobody_pass(owner_actor: Actor) -> None:
    seat = lose_the_answer_to_a_commit(owner_actor)

    assert (overstated(), noticed()) == ([], set())
    assert gate(seat)["base"] == "1"


@pytest.mark.control("N3")
def test_a_token_given_back_after_an_unknown_commit_opens_the_gate_to_a_seat_that_is_sold(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[Any] = []
    find = placing._found_or_unknown

    def remember(units: Any, *, token: str) -> Any:
        passes.append(enter_gate(units, token=token))
        return passes[-1]

    def give_back(order_id: str, error: Exception) -> Any:
        passes[-1].give_back()
        return find(order_id, error)

    monkeypatch.setattr(placing, "enter_gate", remember)
    monkeypatch.setattr(placing, "_found_or_unknown", give_back)
    seat = lose_the_answer_to_a_commit(owner_actor)

    assert overstated() == [seat.pk]
    assert noticed() == set(), "the ledger still decides: nothing can be oversold"
