"""The order as it stood, from its events alone; what is different between two instants; what older rows leave open."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from altis.shared.actors import Actor
from altis.shared.clock import iso
from catalog.models import Flight
from orders.errors import OrderNotFound
from orders.history import Standing, difference, standing, standings
from orders.lookback import standing_after
from orders.models import Order, OrderEvent
from orders.placing import Extra
from orders.selectors import order_at
from orders.services.extend_hold import extend_hold
from orders.services.fulfil import fulfil_order
from orders.services.rebook import rebook
from orders.services.reissue import reissue
from tests.clients import ApiClient
from tests.factories import make_product
from tests.offers import market
from tests.orders.trips import offer_for, pay_up, place

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")


@pytest.fixture
def rebooked(flight: Flight, owner_actor: Actor) -> Order:
    """Proposed, extended, paid for, issued, issued anew, moved to another flight: seven rows."""
    seat = Extra(make_product("seat").pk, passenger=0, segment=0, seat="12A")
    order = place(offer_for(bundle="premium"), owner_actor, extras=[seat])
    extend_hold(order_id=order.pk, minutes=30, actor=STAFF, reason="customer_request")
    fulfil_order(pay_up(Order.objects.get(pk=order.pk)).pk)
    reissue(order_id=order.pk, actor=STAFF, reason="name_spelling")
    other = market.fly("101", day=market.soon(11))
    return rebook(order_id=order.pk, from_flight=flight.pk, to_flight=other.pk, actor=STAFF, reason="flight_cancelled")


def _standings(order: Order) -> list[Standing]:
    """After each of the order's events."""
    return list(standings(order.events.order_by("sequence")))


def test_the_order_stands_as_its_last_event_left_it(rebooked: Order) -> None:
    events = list(rebooked.events.order_by("sequence"))

    assert [standing(events[: number + 1]) for number in range(len(events))] == _standings(rebooked)
    with pytest.raises(ValueError, match="first event"):
        standing([])


def test_every_moment_is_told_by_the_events_alone(rebooked: Order) -> None:
    stood = _standings(rebooked)

    assert [(each.status, each.change) for each in stood] == [
        ("PROPOSED", ""),
        ("PROPOSED", "extended"),
        ("PAYMENT_PENDING", ""),
        ("PAID", ""),
        ("FULFILLED", ""),
        ("FULFILLED", "reissued"),
        ("FULFILLED", "rebooked"),
    ]
    assert all(each.complete for each in stood)
    assert [{item["status"] for item in each.items} for each in stood] == [
        {"HELD"},
        {"HELD"},
        {"HELD"},
        {"CONFIRMED"},
        {"CONFIRMED"},
        {"CONFIRMED"},
        {"CONFIRMED", "EXCHANGED"},
    ]


def test_what_it_ends_with_is_what_the_rows_say(rebooked: Order) -> None:
    last, order = _standings(rebooked)[-1], Order.objects.get(pk=rebooked.pk)

    assert (last.status, last.sequence, list(last.slices)) == (order.status, order.version, order.slices)
    assert (last.total, last.expires_at) == (order.total.as_json(), iso(order.expires_at))
    rows = order.items.order_by("position").values_list("pk", "status", "flight_id", "seat")
    assert [(item["id"], item["status"], item["flight_id"], item["seat"]) for item in last.items] == list(rows)
    valid = order.documents.filter(voided_at__isnull=True).order_by("position")
    assert [document["id"] for document in last.documents] == [document.pk for document in valid]


def test_an_extended_hold_differs_by_its_deadline_alone(rebooked: Order) -> None:
    first, extended = _standings(rebooked)[:2]

    [change] = difference(first, extended)

    assert (change.part, change.before, change.after) == ("expires_at", first.expires_at, extended.expires_at)


def test_a_payment_changes_the_status_the_items_and_the_money(rebooked: Order) -> None:
    before, after = _standings(rebooked)[2:4]

    changes = difference(before, after)

    assert {change.part for change in changes} == {"status", "items", "payments"}
    assert [(change.before, change.after["id"]) for change in changes if change.part == "payments"] == [(None, "pay_1")]


def test_another_flight_is_one_segment_gone_and_one_there(rebooked: Order) -> None:
    before, after = _standings(rebooked)[5:7]

    changes = difference(before, after)

    segments = [(change.before is None, change.after is None) for change in changes if change.part == "slices"]
    assert segments == [(False, True), (True, False)]
    assert {change.part for change in changes} == {"items", "slices", "documents"}
    assert difference(after, after) == []


def test_an_instant_shows_what_stood_then(rebooked: Order, owner_actor: Actor) -> None:
    proposed, *_, last = rebooked.events.order_by("sequence")

    assert _stood(owner_actor, rebooked, proposed.at).sequence == 1
    assert _stood(owner_actor, rebooked, last.at + timedelta(days=1)).sequence == 7
    with pytest.raises(OrderNotFound):
        _stood(owner_actor, rebooked, proposed.at - timedelta(seconds=1))


def _stood(actor: Actor, order: Order, instant: datetime) -> Standing:
    _, events = order_at(actor, order.pk, instant)
    return standing_after(events)


def test_older_rows_are_filled_in_and_marked(rebooked: Order, owner_actor: Actor) -> None:
    _as_they_were_before(rebooked)

    paid = _stood(owner_actor, rebooked, rebooked.events.get(to_status="PAID").at)
    issued = _stood(owner_actor, rebooked, rebooked.events.filter(to_status="FULFILLED")[0].at)

    assert (paid.complete, paid.unknown) == (False, frozenset({"items", "slices", "total", "expires_at"}))
    assert {item["status"] for item in paid.items} == {"CONFIRMED"}
    assert paid.total == rebooked.total.as_json()
    assert issued.unknown == paid.unknown | {"documents"}
    assert "documents" in {change.part for change in difference(paid, issued)}


def _as_they_were_before(order: Order) -> None:
    """Rows that keep the money alone, in spite of the trigger."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_orderevent DISABLE TRIGGER USER")
        OrderEvent.objects.filter(order=order).update(snapshot={"payments": [], "refunds": []})
        cursor.execute("ALTER TABLE orders_orderevent ENABLE TRIGGER USER")


def test_the_api_shows_a_changed_order_as_it_stood(rebooked: Order, owner: ApiClient) -> None:
    issued = rebooked.events.get(from_status="PAID")

    then = _ask(owner, rebooked, issued)
    now = owner.get(f"/v1/orders/{rebooked.pk}").json()

    assert {item["status"] for item in then["items"]} == {"CONFIRMED"}
    assert (len(then["documents"]), then["version"]) == (len(now["documents"]), 5)
    assert {each["id"] for each in then["documents"]}.isdisjoint(each["id"] for each in now["documents"])
    assert then["slices"] != now["slices"]
    assert _ask(owner, rebooked, rebooked.events.get(change="rebooked")) == now


def _ask(owner: ApiClient, order: Order, event: OrderEvent) -> dict[str, Any]:
    reply: dict[str, Any] = owner.get(f"/v1/orders/{order.pk}/history?at={iso(event.at)}").json()
    return reply
