"""Saved filters beside the search of every list: offered for what is chosen, used by a link, seen by nobody else."""

import re
from typing import Any

import pytest
from django.test import Client

from altis.accounts.models import SavedFilter
from altis.backoffice.saved.query import kept_query
from catalog.models import Flight
from orders.models import Order
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page
from tests.backoffice.work import said

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = "/admin/orders/order/"


def _save(client: Client, name: str, query: str, label: str = "orders.order") -> Any:
    return client.post(f"/admin/saved-filters/{label}/", {"name": name, "query": query}, follow=True)


def _chips(client: Client, address: str = ORDERS) -> list[tuple[str, str, bool]]:
    """Of each saved filter on a list: its name, where it leads, and whether it is what is shown."""
    found = re.findall(
        r'<a href="(\?[^"]+)"( aria-current="true")?><span[^>]*>bookmark</span>([^<]+)</a>', _text(client, address)
    )
    return [(name, link.replace("&amp;", "&"), bool(chosen)) for link, chosen, name in found]


def _text(client: Client, address: str) -> str:
    return str(client.get(address).text)


def test_neither_the_words_of_a_search_nor_a_place_in_the_list_is_kept() -> None:
    assert kept_query("q=Passenger&p=3&status__exact=PAID&all=&e=1&departs=2026-12-01&o=4.-1") == (
        "departs=2026-12-01&o=4.-1&status__exact=PAID"
    )
    assert kept_query("q=Passenger&p=3") == kept_query("") == kept_query("&&=") == ""
    assert kept_query("b=2&a=1") == kept_query("a=1&b=2")


def test_a_filter_is_offered_for_saving_once_something_is_chosen(looker: Client, proposed: Order) -> None:
    chosen = "status__exact=PROPOSED&bundle=premium"

    offered = ["Save these filters" in _text(looker, f"{ORDERS}{query}") for query in ("", "?q=AAAAAA", f"?{chosen}")]
    reply = _save(looker, "To call back", chosen)

    assert offered == [False, False, True]
    assert said(reply) == ["Saved as “To call back”. Only you see it."]
    assert reply.redirect_chain == [(f"{ORDERS}?{chosen}", 302)]
    assert "Save these filters" not in _text(looker, f"{ORDERS}?bundle=premium&status__exact=PROPOSED")


def test_a_saved_filter_is_a_link_that_shows_the_same_orders(looker: Client, proposed: Order) -> None:
    _save(looker, "Unpaid", "q=passenger&p=2&status__exact=PROPOSED")

    [(name, link, chosen)] = _chips(looker)
    shown = looker.get(ORDERS + link)

    assert (name, link, chosen) == ("Unpaid", "?status__exact=PROPOSED", False)
    assert list(shown.context["cl"].result_list) == [proposed]
    assert _chips(looker, ORDERS + link) == [("Unpaid", link, True)]


def test_a_saved_filter_belongs_to_one_list_and_to_one_person(staff: Staff, proposed: Order) -> None:
    agent, clerk = staff("Customer agent"), staff("Finance")

    _save(agent, "Unpaid", "status__exact=PROPOSED")
    _save(agent, "Closed", "sales_open__exact=0", label="catalog.flight")

    assert [chip[0] for chip in _chips(agent)] == ["Unpaid"]
    assert [chip[0] for chip in _chips(agent, page(Flight, "changelist"))] == ["Closed"]
    assert _chips(clerk) == []


def test_a_saved_filter_is_deleted_by_its_owner_alone(staff: Staff, proposed: Order) -> None:
    agent, clerk = staff("Customer agent"), staff("Finance")
    _save(agent, "Unpaid", "status__exact=PROPOSED")
    address = f"/admin/saved-filters/{SavedFilter.objects.get().pk}/delete/"

    refused = clerk.post(address, {"query": "status__exact=PROPOSED"}, follow=True)
    left = SavedFilter.objects.count()
    done = agent.post(address, {"query": "status__exact=PROPOSED"}, follow=True)

    assert (said(refused), left) == (["There is no such saved filter any more."], 1)
    assert (said(done), SavedFilter.objects.count()) == (["“Unpaid” is deleted. The list is as it was."], 0)
    assert done.redirect_chain == [(f"{ORDERS}?status__exact=PROPOSED", 302)]


def test_what_is_no_list_of_theirs_keeps_nothing(staff: Staff, db: None) -> None:
    analyst, agent = staff("Pricing analyst"), staff("Customer agent")
    labels = ("orders.order", "orders.nothing", "nothing", "orders.order.x", "orders.passenger", "accounts.savedfilter")

    answered = [_save(analyst, "Unpaid", "status__exact=PROPOSED", label=label).status_code for label in labels]
    looked = [agent.get(f"/admin/saved-filters/{path}").status_code for path in ("orders.order/", "1/delete/")]

    assert answered == [403, 404, 404, 404, 404, 404]
    assert looked == [405, 405]
    assert not SavedFilter.objects.exists()


def test_a_name_is_shown_as_it_was_typed_and_nothing_is_run(looker: Client, proposed: Order) -> None:
    _save(looker, "<script>x</script>", 'bundle="><script>y</script>')

    text = _text(looker, ORDERS)

    assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert "<script>x" not in text
    assert "<script>y" not in text


def test_what_is_refused_is_said_on_the_list(looker: Client, proposed: Order) -> None:
    for name, query, words in [
        ("", "status__exact=PAID", "a name of 1 to 40 characters"),
        ("Nobody", "q=passenger", "What was searched for is not kept"),
        ("x@example.com", "status__exact=PAID", "is not kept here"),
        ("Long", f"bundle={'x' * 5000}", "Narrow the list"),
    ]:
        assert words in said(_save(looker, name, query))[0]

    assert not SavedFilter.objects.exists()


def test_the_filters_are_opened_by_a_button_that_the_keyboard_reaches(looker: Client, proposed: Order) -> None:
    for address in (ORDERS, page(Flight, "changelist")):
        text = _text(looker, address)
        assert re.search(r'<button type="button" class="list-filters[^>]*aria-controls="changelist-filter"', text), (
            address
        )
        assert 'x-on:click="filterOpen = true" x-on:keydown' not in text
