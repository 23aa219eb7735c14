"""Accepting an offer: what is written, what is held, and that a refusal leaves nothing behind."""

from datetime import date, timedelta
from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.shared.clock import now
from altis.shared.errors import AltisError
from altis.store.models import OutboxEvent
from catalog import inventory
from catalog.errors import SoldOut
from catalog.models import Flight, Hold, Inventory
from offers.documents import OfferDocument
from offers.errors import OfferAlreadyAccepted, OfferCancelled, OfferExpired, OfferNotFound
from offers.models import Offer
from offers.services.reject import reject_offer
from orders.errors import PassengerMismatch, PassengerTypeMismatch, TooManyHolds
from orders.models import Order
from orders.placing import Traveller
from orders.services.cancel import cancel_order
from tests.catalog.books import figures, gate, set_gate
from tests.conftest import Later
from tests.factories import cabin_of
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import CONTACT, nothing_happens, offer_for, place, traveller
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db


def test_an_accepted_offer_becomes_an_order_as_it_was_offered(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for("adult", "child", "infant", bundle="premium")

    order = Order.objects.get(pk=place(offer, owner_actor).pk)

    assert (order.status, order.version, order.total) == ("PROPOSED", 1, offer.total)
    assert (order.offer_id, order.owner_id, order.bundle) == (offer.id, owner_actor.id, "premium")
    assert [item.total_minor for item in order.items.all()] == [item.total_minor for item in offer.items]
    assert [passenger.type for passenger in order.passengers.all()] == ["adult", "child", "infant"]
    assert (order.contact_email, order.contact_phone) == (CONTACT.email, CONTACT.phone)
    assert order.arrives_at == offer.segments[-1].arriving_at
    assert Offer.objects.get().status == "ACCEPTED"
    assert contradictions() == {}


def test_everything_is_announced_once_and_without_personal_data(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(bundle="premium"), owner_actor)

    events = list(OutboxEvent.objects.order_by("position"))
    assert [event.type for event in events] == [
        "altis.offer.accepted",
        "altis.order.proposed",
        "altis.inventory.held",
        "altis.inventory.held",
    ]
    assert events[1].payload["total"] == order.total.as_json()
    assert {line["flight_id"] for line in events[1].payload["lines"]} == {flight.pk, None}
    texts = str([event.payload for event in events])
    assert not any(word in texts for word in ("TEST", "PASSENGER", "example.com", "1990"))


def test_seats_are_held_for_all_but_infants_and_lounge_slots_with_them(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for("adult", "child", "infant", bundle="premium"), owner_actor)

    lounge = Inventory.objects.get(flight=flight, product__type="lounge")
    assert figures(cabin_of(flight)) == (2, 0, 3)
    assert figures(lounge) == (2, 0, 2)
    assert {hold.order_id for hold in Hold.objects.all()} == {order.pk}


def test_the_hold_lasts_thirty_minutes(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor)

    assert order.expires_at - order.created_at == timedelta(minutes=30)


def test_the_hold_ends_with_the_sales_of_the_first_flight(owner_actor: Actor, flight: Flight, settings: Any) -> None:
    offer = offer_for()
    in_ten_minutes = now() + timedelta(minutes=10)
    settings.ALTIS_SALES_CUTOFF_SECONDS = (offer.segments[0].departing_at - in_ten_minutes).total_seconds()

    order = place(offer, owner_actor)

    assert abs(order.expires_at - in_ten_minutes) < timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_after_the_commit_the_gate_is_as_the_ledger(flight: Flight, owner_actor: Actor) -> None:
    place(offer_for("adult", "adult"), owner_actor)

    assert gate(cabin_of(flight)) == {"base": "98", "ver": "2"}


def _decided(offer: OfferDocument, actor: Actor) -> None:
    place(offer, actor)


def _rejected(offer: OfferDocument, actor: Actor) -> None:
    reject_offer(offer_id=offer.id, actor=actor)


@pytest.mark.parametrize(("before", "refusal"), [(_decided, OfferAlreadyAccepted), (_rejected, OfferCancelled)])
def test_a_decided_offer_is_refused(flight: Flight, owner_actor: Actor, before: Any, refusal: type[AltisError]) -> None:
    offer = offer_for()
    before(offer, owner_actor)

    with nothing_happens(), pytest.raises(refusal):
        place(offer, owner_actor)


@pytest.mark.parametrize(("seconds", "refusal"), [(901, OfferExpired), (1_801, OfferNotFound)])
def test_a_late_offer_is_refused(
    flight: Flight, owner_actor: Actor, later: Later, seconds: int, refusal: type[AltisError]
) -> None:
    offer = offer_for()
    later(seconds)

    with nothing_happens(), pytest.raises(refusal):
        place(offer, owner_actor)


def test_an_offer_that_expires_while_it_is_accepted_is_refused(
    flight: Flight, owner_actor: Actor, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offer_for()
    monkeypatch.setattr("orders.services.place.open_offer", lambda _: offer)
    later(901)

    with nothing_happens(), pytest.raises(OfferExpired):
        place(offer, owner_actor)


@pytest.mark.parametrize("number", [1, 3])
def test_another_number_of_travellers_is_refused(flight: Flight, owner_actor: Actor, number: int) -> None:
    offer = offer_for("adult", "adult")

    with nothing_happens(), pytest.raises(PassengerMismatch) as refusal:
        place(offer, owner_actor, travellers=[traveller()] * number)

    assert [fault.pointer for fault in refusal.value.faults] == ["/passengers"]


def test_each_birth_date_that_contradicts_its_type_is_named(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for("adult", "child", "infant")
    old = Traveller("TEST", "PASSENGER", date(1990, 12, 10))

    with nothing_happens(), pytest.raises(PassengerTypeMismatch) as refusal:
        place(offer, owner_actor, travellers=[old, old, old])

    assert [fault.pointer for fault in refusal.value.faults] == ["/passengers/1/born_on", "/passengers/2/born_on"]


def test_the_gate_refuses_when_too_few_are_left(owner_actor: Actor) -> None:
    market.make_bundles()
    flight = market.fly(seats=4)
    one, other = offer_for("adult", "adult", "adult"), offer_for("adult", "adult")
    place(one, owner_actor)
    set_gate(cabin_of(flight), base=1, ver=2)

    with nothing_happens(), pytest.raises(SoldOut):
        place(other, owner_actor)


@pytest.mark.django_db(transaction=True)
def test_the_ledger_refuses_what_a_wrong_gate_let_pass_and_the_gate_learns(owner_actor: Actor) -> None:
    market.make_bundles()
    flight = market.fly(seats=4)
    one, other = offer_for("adult", "adult", "adult"), offer_for("adult", "adult")
    place(one, owner_actor)
    set_gate(cabin_of(flight), base=4, ver=1)

    with pytest.raises(SoldOut):
        place(other, owner_actor)

    assert gate(cabin_of(flight)) == {"base": "1", "ver": "2"}
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_leg_sold_out_leaves_nothing_held_on_the_other(owner_actor: Actor) -> None:
    market.make_bundles()
    market.fly()
    back = market.fly("101", way=("JFK", "LHR"), day=market.soon(17), seats=1)
    ways = (("LHR", "JFK"), ("JFK", "LHR"))
    one, other = offer_for(ways=ways), offer_for(ways=ways, bundle="premium")
    place(one, owner_actor)
    set_gate(cabin_of(back), base=1, ver=1)

    with pytest.raises(SoldOut):  # by the ledger: the gate says that one seat is left
        place(other, owner_actor)

    assert Order.objects.count() == 1
    assert not Hold.objects.exclude(order_id=Order.objects.get().pk).exists()
    assert gate(cabin_of(back)) == {"base": "0", "ver": "2"}
    assert contradictions() == {}


def test_without_redis_a_decided_offer_cannot_be_read_but_the_gate_is_no_hindrance(
    flight: Flight, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offer_for()
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    order = place(offer, owner_actor)

    assert (order.status, figures(cabin_of(flight))) == ("PROPOSED", (1, 0, 2))


@pytest.mark.parametrize("caps", ["customer=1,ip=9", "customer=9,ip=1"])
def test_nobody_hoards_a_cabin(flight: Flight, owner_actor: Actor, settings: Any, caps: str) -> None:
    settings.ALTIS_OPEN_HOLDS = caps
    first, second = offer_for(), offer_for()
    place(first, owner_actor, client="here")

    with nothing_happens(), pytest.raises(TooManyHolds) as refusal:
        place(second, owner_actor, client="here")

    assert refusal.value.retry_after == 60


def test_a_cap_counts_open_holds_only(flight: Flight, owner_actor: Actor, settings: Any) -> None:
    settings.ALTIS_OPEN_HOLDS = "customer=1"
    order = place(offer_for(), owner_actor)
    cancel_order(order_id=order.pk, actor=owner_actor, reason="customer_cancelled")

    assert place(offer_for(), owner_actor).status == "PROPOSED"
