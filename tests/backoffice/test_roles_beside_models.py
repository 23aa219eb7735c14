"""Pages and buttons that belong to no model, by every role: exactly what the table says, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern

from altis.backoffice.worklists.lists import LISTS
from altis.shared import clock
from catalog.models import Flight
from orders.models import Order
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import registered
from tests.backoffice.roles import ACTIONS, PAGES, WHO
from tests.backoffice.views import ADDRESSES, COMMANDS, OF_THE_SITE, VIEWS

pytestmark = pytest.mark.django_db(transaction=True)
_OWN = ("changelist", "add", "history", "delete", "change")


@pytest.fixture
def flight(everything: Order, monkeypatch: pytest.MonkeyPatch) -> Flight:
    """A cancelled flight with a paid order; pages are answered, but not drawn."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    found = everything.items.exclude(flight=None)[0].flight
    assert found is not None
    Flight.objects.filter(pk=found.pk).update(cancelled_at=clock.now(), sales_open=False)
    return found


def _names(patterns: Any) -> Iterator[str]:
    for each in patterns:
        if not isinstance(each, URLPattern):
            yield from _names(each.url_patterns)
        elif each.name:
            yield each.name


def _unnamed(patterns: Any) -> Iterator[str]:
    for each in patterns:
        if not isinstance(each, URLPattern):
            yield from _unnamed(each.url_patterns)
        elif not each.name:
            yield str(each.pattern)


def test_a_page_without_a_name_is_one_of_djangos_own() -> None:
    # The old address of a row, once for each model, and what answers where nothing is.
    found = sorted(_unnamed(admin.site.get_urls()))

    assert found == sorted(["<path:object_id>/"] * len(registered()) + ["(?P<url>.*)$"])


def test_choices_are_looked_up_by_those_who_may_see_them(flight: Flight, staff: Staff) -> None:
    fields = [
        (inline.model if inline else model, name)
        for model in registered()
        for inline in (None, *admin.site._registry[model].inlines)
        for name in (inline or admin.site._registry[model]).autocomplete_fields
    ]
    clients = {who: staff(who) for who in WHO}

    for model, name in fields:
        asked: Any = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
        target: Any = model._meta.get_field(name).related_model
        found = {who: client.get("/admin/autocomplete/", asked).status_code for who, client in clients.items()}
        assert found == {who: 200 if "V" in PAGES[target._meta.label][who] else 403 for who in WHO}, (model, name)
    assert len(fields) >= 5


def test_the_tables_know_every_page_and_every_button() -> None:
    own = {f"{model._meta.app_label}_{model._meta.model_name}_{kind}" for model in registered() for kind in _OWN}
    pressed = {name.lower().replace(".", "_").replace("/", "_") for name in ACTIONS}

    others = {name for name in _names(admin.site.get_urls()) if name.lower() not in own | pressed | OF_THE_SITE}

    assert others == {name.partition("/")[0] for name in VIEWS}
    assert sorted(COMMANDS) == sorted(f"{work.name}/{command.name}" for work in LISTS for command in work.commands)


def _answer(client: Client, method: str, address: str) -> str:
    reply = client.post(address, {"inventory": "0"}) if method == "POST" else client.get(address)
    assert reply.status_code in (200, 302, 403, 404), (address, reply.status_code)
    return "-" if reply.status_code == 403 else "yes"


def test_every_page_answers_every_role_as_the_table_says(flight: Flight, staff: Staff) -> None:
    clients = {who: staff(who) for who in WHO}

    answered = {
        name: {who: _answer(client, method, path.format(flight=flight.pk)) for who, client in clients.items()}
        for name, (method, path) in ADDRESSES.items()
    }

    assert answered == VIEWS


def test_every_button_of_a_work_list_is_for_the_roles_that_the_table_says(flight: Flight, staff: Staff) -> None:
    clients = {who: staff(who) for who in WHO}

    # Without a row and a reason: whoever may press it is asked for them, and nothing is done.
    answered = {
        name: {who: _answer(client, "POST", f"/admin/worklists/{name}/") for who, client in clients.items()}
        for name in COMMANDS
    }

    assert answered == COMMANDS


def test_a_customer_and_a_stranger_find_all_of_them_closed(flight: Flight) -> None:
    customer = Client()
    customer.force_login(Order.objects.get().owner)

    for client in (customer, Client()):
        for path in (*(path for _, path in ADDRESSES.values()), *(f"/admin/worklists/{name}/" for name in COMMANDS)):
            reply = client.post(path.format(flight=flight.pk), {"reason": "cause_removed"})
            assert (reply.status_code, reply["Location"].split("?")[0]) == (302, "/admin/login/"), path
