"""The page "Gate and ledger": a planted drift is shown with its cause and mended by one click."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from altis.accounts.roles import Role
from catalog import inventory
from catalog.models import Hold, Inventory, JournalEntry
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page
from tests.catalog.books import gate, set_gate
from tests.catalog.services.commands import hold
from tests.factories import cabin_of, make_flight
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/admin/catalog/inventory/gate/"


@pytest.fixture
def drifted() -> Inventory:
    row = cabin_of(make_flight(seats={"economy": 10}))
    set_gate(row, base=3, ver=9)
    return row


def test_a_planted_drift_is_shown_with_both_figures_and_its_cause(looker: Client, drifted: Inventory) -> None:
    text = looker.get(PAGE).text

    for shown in (
        "3 left, version 9",
        "10 left, version 1",
        "Ahead",
        "restored from an older copy",
        str(drifted.flight),
    ):
        assert shown in text
    assert 'name="inventory"' not in text


@pytest.mark.parametrize("chosen", ["one", "all"])
def test_one_click_mends_it_and_tells_the_result(administrator: Client, drifted: Inventory, chosen: str) -> None:
    reply = administrator.post(PAGE, {"inventory": drifted.pk if chosen == "one" else "all"}, follow=True)

    assert gate(drifted) == {"base": "10", "ver": "1"}
    assert "1 mended: the gate says what the ledger says." in reply.text
    assert "Gate and ledger agree." in reply.text
    assert LogEntry.objects.get().get_change_message() == (
        "gate mended, ahead: 3 left, version 9 became 10 left, version 1"
    )


def test_of_two_drifts_one_click_mends_the_one_that_was_meant(administrator: Client, drifted: Inventory) -> None:
    other = cabin_of(make_flight(seats={"economy": 5}))
    set_gate(other, base=99, ver=1)

    text = administrator.post(PAGE, {"inventory": drifted.pk}, follow=True).text

    assert (gate(drifted)["base"], gate(other)["base"]) == ("10", "99")
    assert ("Overwritten" in text, "Ahead" in text) == (True, False)
    assert administrator.post(PAGE, {"inventory": "all"}, follow=True).context["count"] == 0


@pytest.mark.parametrize("chosen", ["", "none", "-1", "9" * 30])
def test_what_is_no_inventory_mends_nothing(administrator: Client, drifted: Inventory, chosen: str) -> None:
    assert administrator.post(PAGE, {"inventory": chosen}).status_code == 400

    assert (gate(drifted), LogEntry.objects.count()) == ({"base": "3", "ver": "9"}, 0)


def test_who_comes_second_is_told_that_nothing_was_wrong(administrator: Client, drifted: Inventory) -> None:
    administrator.post(PAGE, {"inventory": "all"})

    assert "somebody, or the reconciler, was faster" in administrator.post(PAGE, {"inventory": "all"}, follow=True).text
    assert LogEntry.objects.count() == 1


def test_the_page_is_for_those_who_see_inventory_and_the_click_for_fewer(staff: Staff, drifted: Inventory) -> None:
    answers = {}
    for role in (Role.FINANCE, Role.AUDITOR, Role.PRICING_ANALYST):
        client = staff(role.value)
        answers[role] = (client.get(PAGE).status_code, client.post(PAGE, {"inventory": "all"}).status_code)

    assert answers == {Role.FINANCE: (403, 403), Role.AUDITOR: (200, 403), Role.PRICING_ANALYST: (200, 403)}
    assert gate(drifted) == {"base": "3", "ver": "9"}
    assert staff(Role.PRODUCT_MANAGER.value).post(PAGE, {"inventory": "all"}).status_code == 302
    assert gate(drifted) == {"base": "10", "ver": "1"}


def test_without_redis_the_page_says_so(
    administrator: Client, drifted: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    assert "Redis does not answer" in administrator.get(PAGE).text
    assert administrator.post(PAGE, {"inventory": "all"}).status_code == 302


def test_journal_and_holds_lead_to_flight_and_order_and_are_found_by_them(looker: Client, drifted: Inventory) -> None:
    hold(drifted, 2)

    for model, rows in ((Hold, 1), (JournalEntry, 2)):
        text = looker.get(page(model, "changelist")).text
        assert page(type(drifted.flight), "change", drifted.flight_id) in text
        assert "/admin/orders/order/ord_1/change/" in text
        number = drifted.flight.flight_number
        many = (drifted.flight_id, f"inv_{drifted.pk}", f"AL {number}", f"LHR-JFK {drifted.flight.departure_date}")
        none = ("ord_2", "inv_x", "inv_" + "9" * 30, "AL 1", f"ord_1 AL {int(number) + 1}")
        questions = [*((words, rows) for words in many), *((words, 0) for words in none), ("ord_1", 1)]
        for words, count in questions:
            found = looker.get(page(model, "changelist"), {"q": words}).context["cl"].result_list
            assert len(found) == count, (model, words)


def test_journal_and_holds_are_filtered_by_whole_days(looker: Client, drifted: Inventory) -> None:
    hold(drifted, 2)
    today = JournalEntry.objects.latest("version").at.date()
    before, after = today - timedelta(days=1), today + timedelta(days=1)
    ranges = [(before, today), (today, after), (before, before), (after, after), ("", "nonsense")]

    for model, column, rows in ((Hold, "created_at", 1), (JournalEntry, "at", 2)):
        queries = [{f"{column}_from": str(first), f"{column}_to": str(last)} for first, last in ranges]
        pages = [looker.get(page(model, "changelist"), query) for query in queries]
        assert [len(shown.context["cl"].result_list) for shown in pages] == [rows, rows, 0, 0, rows]
