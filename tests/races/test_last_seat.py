"""More buyers than seats, at the same moment: exactly the seats are sold, and the losers are told so."""

import pytest
from django.db import IntegrityError

from altis.shared.actors import Actor
from catalog import inventory
from catalog.services import ledger
from orders.models import Order
from tests.api.threads import at_once
from tests.catalog.books import figures, gate
from tests.factories import cabin_of
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import offer_for, place
from tests.races.conftest import Without
from tests.races.racing import THREADS, accept_all, outcomes
from tests.store.away import redis_nowhere

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SOLD_OUT = (409, "sold_out")
BOUGHT = (201, "PROPOSED")
GUARD = b"AND capacity + forced_over - sold - held >= $5::int"


def test_of_forty_buyers_of_the_last_seat_one_gets_it(bundles: None, token: str) -> None:
    seat = cabin_of(market.fly(seats=1))
    offers = [offer_for() for _ in range(40)]

    replies = accept_all(token, offers)

    assert outcomes(replies) == {BOUGHT: 1, SOLD_OUT: 39}
    assert (figures(seat), gate(seat)) == ((1, 0, 2), {"base": "0", "ver": "2"})
    assert contradictions() == {}


def test_parties_of_nine_fill_a_cabin_of_a_hundred_eleven_times(bundles: None, token: str) -> None:
    cabin = cabin_of(market.fly(seats=100))
    offers = [offer_for(*["adult"] * 9) for _ in range(60)]

    replies = accept_all(token, offers)

    assert outcomes(replies) == {BOUGHT: 11, SOLD_OUT: 49}
    assert (figures(cabin), Order.objects.count()) == ((99, 0, 12), 11)
    assert gate(cabin) == {"base": "1", "ver": "12"}
    assert contradictions() == {}


def test_without_the_gate_the_ledger_alone_decides_the_same(
    bundles: None, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = cabin_of(market.fly(seats=1))
    offers = [offer_for() for _ in range(20)]
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    replies = accept_all(token, offers)

    assert outcomes(replies) == {BOUGHT: 1, SOLD_OUT: 19}
    assert figures(seat) == (1, 0, 2)
    assert contradictions() == {}


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """No gate, and a ledger that does not look at what is left."""
    assert GUARD in ledger._CHANGE_ONE
    monkeypatch.setattr(ledger, "_CHANGE_ONE", ledger._CHANGE_ONE.replace(GUARD, b"AND $5::int IS NOT NULL"))
    monkeypatch.setattr(inventory, "client", redis_nowhere)


def test_without_gate_and_guard_the_databases_check_still_refuses(
    bundles: None, owner_actor: Actor, unguarded: None
) -> None:
    seat = cabin_of(market.fly(seats=1))
    offers = iter([offer_for() for _ in range(8)])

    def accept() -> str:
        try:
            return place(next(offers), owner_actor).status
        except IntegrityError as error:
            return str("inventory_never_oversold" in str(error))

    assert sorted(at_once(8, accept, threads=THREADS)) == ["PROPOSED", *["True"] * 7]

    assert figures(seat) == (1, 0, 2)
    assert contradictions() == {}


def test_control_without_gate_guard_and_check_the_race_oversells_and_the_books_show_it(
    bundles: None, unguarded: None, token: str, without: Without
) -> None:
    without("catalog_inventory", "inventory_never_oversold")
    seat = cabin_of(market.fly(seats=1))
    offers = [offer_for() for _ in range(8)]

    told = outcomes(accept_all(token, offers))

    assert told[BOUGHT] > 1
    assert contradictions() == {"I1": [str(seat.pk)]}
