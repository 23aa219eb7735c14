"""An order's page: what happened and why, as it stood, what it cost and why, its money; and nobody's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from orders.admin.changes import Change, timeline
from orders.admin.page import explained
from orders.models import Order, OrderEvent, OrderItem
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 15


def _sections(client: Client, order: Order, **asked: str) -> dict[str, Any]:
    reply = client.get(page(Order, "change", quote(order.pk)), asked)
    assert reply.status_code == 200
    sections: dict[str, Any] = reply.context["sections"]
    return sections


def test_the_timeline_says_who_did_what_and_why(looker: Client, fulfilled: Order) -> None:
    entries = _sections(looker, fulfilled)["timeline"]

    assert [(entry["title"], entry["code"]) for entry in entries] == [
        ("Proposed", "offer_accepted"),
        ("Payment pending", "payment_started"),
        ("Paid", "gateway_succeeded"),
        ("Fulfilled", "documents_issued"),
    ]
    assert entries[0]["actor_kind"] == "User"
    assert fulfilled.owner_id in entries[0]["actor"]
    assert Change("Status", "Payment pending", "Paid") in entries[2]["changes"]


def test_the_timeline_says_what_each_event_changed(fulfilled: Order) -> None:
    happened = timeline(list(OrderEvent.objects.order_by("sequence")))

    items = OrderItem.objects.count()
    documents = fulfilled.documents.count()
    assert Change(f"{items} items", "–", "Held") in happened[0].changes
    assert Change("Total", "–", str(fulfilled.total)) in happened[0].changes
    assert Change(f"{items} items", "Held", "Confirmed") in happened[2].changes
    assert documents == sum(int(c.what.split()[0]) if c.what[0].isdigit() else 1 for c in happened[3].changes[1:])


def test_an_order_is_shown_as_it_stood_and_what_is_different_since(looker: Client, fulfilled: Order) -> None:
    events = list(OrderEvent.objects.order_by("sequence"))
    shown = {each.to_status: entry["moment"] for each, entry in zip(events, _moments(looker, fulfilled), strict=True)}

    then = _sections(looker, fulfilled, at=shown["PAYMENT_PENDING"])["stood"]
    since = _sections(looker, fulfilled, at=shown["FULFILLED"], since=shown["PAYMENT_PENDING"])["stood"]

    assert "PAYMENT PENDING" in then["after"]["status"]
    assert then["after"]["total"] == str(fulfilled.total)
    assert then["after"]["documents"] == 0
    assert "FULFILLED" in since["after"]["status"]
    assert Change("Status", "Payment pending", "Fulfilled") in since["changes"]
    assert len(since["after"]["items"]) == OrderItem.objects.count()


def _moments(client: Client, order: Order) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = _sections(client, order)["timeline"]
    return entries


def test_before_it_began_there_was_no_order(looker: Client, proposed: Order) -> None:
    early = (proposed.created_at - timedelta(days=1)).isoformat()

    assert "did not exist yet" in looker.get(page(Order, "change", quote(proposed.pk)), {"at": early}).text


def test_what_is_no_moment_is_now(looker: Client, proposed: Order) -> None:
    for moment in ("yesterday", "2026-02-30T00:00", "0001-01-01T00:00+23:59", "9" * 300):
        stood = _sections(looker, proposed, at=moment, since=moment)["stood"]
        assert "PROPOSED" in stood["after"]["status"], moment


def test_the_lines_of_every_price_add_up_to_the_total(looker: Client, fulfilled: Order) -> None:
    price = _sections(looker, fulfilled)["price"]

    assert (price["sum"], price["adds_up"]) == (str(fulfilled.total), True)
    assert {label for row in price["rows"] for label, _ in row["lines"]} >= {"Base fare"}
    assert all(row["lines"] for row in price["rows"])


def test_a_price_that_does_not_add_up_is_said_aloud(fulfilled: Order) -> None:
    items = list(OrderItem.objects.order_by("position"))
    items[0].price_explanation[0]["amount"] = "0.01"

    assert explained(fulfilled, items)["adds_up"] is False
    assert explained(fulfilled, items[1:])["adds_up"] is False


def test_the_money_has_the_gateways_word(looker: Client, proposed: Order, everything: Order) -> None:
    money = _sections(looker, everything)["money"]

    payment = everything.attempts.get()
    assert [row["kind"] for row in money] == ["Payment", "Refund"]
    assert (money[0]["amount"], "SUCCEEDED" in money[0]["state"]) == (str(everything.total), True)
    assert payment.intent_id in money[0]["gateway"]
    assert ("PENDING" in money[1]["state"], money[1]["gateway"]) == (True, "not sent yet")


def test_what_is_not_there_yet_is_told(looker: Client, proposed: Order) -> None:
    text = looker.get(page(Order, "change", quote(proposed.pk))).text

    assert "nobody has tried to pay" in text
    assert "issued once the order is paid" in text


def test_names_and_barcodes_are_on_no_page(looker: Client, fulfilled: Order) -> None:
    text = looker.get(page(Order, "change", quote(fulfilled.pk))).text

    hidden = [document.payload for document in fulfilled.documents.all()]
    assert [each for each in (*hidden, "PASSENGER", "passenger@example.com") if escape(each) in text] == []
    assert "T••• P•••" in text
    assert "<svg" not in text[text.index('class="desk"') :]


def test_an_order_s_page_is_read_within_its_queries(staff: Staff, everything: Order) -> None:
    agent = staff("Customer agent")
    _sections(agent, everything)

    with CaptureQueriesContext(connection) as queries:
        _sections(agent, everything)

    assert len(queries) <= MOST_QUERIES, [query["sql"][:120] for query in queries]
