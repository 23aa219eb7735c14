"""Every page and every button of the back-office, by every role: exactly what the table says, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.db.models import Model
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse

from altis.accounts.models import User
from orders.models import Order
from tests.backoffice.conftest import PASSWORD, Staff
from tests.backoffice.pages import page, registered
from tests.backoffice.roles import ACTIONS, CARDS, NOBODY, PAGES, WHO, WORK
from tests.backoffice.views import ADDRESSES, BESIDE, VIEWS

pytestmark = pytest.mark.django_db(transaction=True)
BUTTONS = ("actions_detail", "actions_list", "actions_row", "actions_submit_line")


@pytest.fixture
def rows(everything: Order, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A row of each model, on none of which anybody at a desk depends; pages are answered, but not drawn."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    found: dict[str, Any] = {model._meta.label: model._default_manager.first() for model in registered()}
    return {**found, "accounts.User": everything.owner, "auth.Group": Group.objects.get(name="Agents")}


def _model(label: str) -> type[Model]:
    return next(model for model in registered() if model._meta.label == label)


def _buttons(model: type[Model]) -> Iterator[str]:
    """All that can be pressed on a model's pages, whoever presses."""
    pages: Any = admin.site._registry[model]
    yield from (name for kind in BUTTONS for name in pages._extract_action_names(getattr(pages, kind)))
    yield from (action if isinstance(action, str) else action.__name__ for action in pages.actions)
    if "D" in "".join(PAGES.get(model._meta.label, {}).values()):
        yield "delete_selected"


def test_the_table_knows_every_page_and_every_button() -> None:
    assert sorted(PAGES) == [model._meta.label for model in registered()]
    assert sorted(ACTIONS) == sorted(
        f"{model._meta.label}/{name}" for model in registered() for name in _buttons(model)
    )


def _letters(client: Client, model: type[Model], row: Model) -> str:
    looks = {client.get(page(model, "changelist")).status_code}
    shown: Any = client.get(page(model, "change", quote(row.pk)))
    looks |= {shown.status_code, client.get(page(model, "history", quote(row.pk))).status_code}
    assert looks in ({200}, {403}), (model, looks)
    adds, deletes = (
        client.get(address).status_code for address in (page(model, "add"), page(model, "delete", quote(row.pk)))
    )
    assert {adds, deletes} <= {200, 403}, model
    may = {
        "V": looks == {200},
        "A": adds == 200,
        "C": shown.status_code == 200 and shown.context_data["has_change_permission"],
        "D": deletes == 200,
    }
    return "".join(letter for letter, allowed in may.items() if allowed) or "-"


def test_every_page_answers_every_role_as_the_table_says(rows: dict[str, Any], staff: Staff) -> None:
    clients = {who: staff(who) for who in WHO}

    answered = {
        label: {who: _letters(client, _model(label), row) for who, client in clients.items()}
        for label, row in rows.items()
    }

    assert answered == PAGES


def _offered(client: Client, model: type[Model], row: Model, button: str) -> str:
    pages: Any = admin.site._registry[model]
    if button not in pages.actions_detail:
        reply: Any = client.get(page(model, "changelist"))
        form = reply.context_data.get("action_form") if reply.status_code == 200 else None
        return "yes" if form and button in dict(form.fields["action"].choices) else "-"
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{button}", args=[quote(row.pk)])
    return {200: "yes", 403: "-"}[client.get(address).status_code]


def test_every_button_is_for_the_roles_that_the_table_says(rows: dict[str, Any], staff: Staff) -> None:
    clients = {who: staff(who) for who in WHO}
    pressed: dict[str, dict[str, str]] = {}

    for name in ACTIONS:
        label, button = name.split("/")
        pressed[name] = {who: _offered(client, _model(label), rows[label], button) for who, client in clients.items()}

    assert pressed == ACTIONS


def _writes(label: str, row: Model, who: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What this role may not send about this row, in a form that would go through."""
    model = _model(label)
    for letter, kind in (("A", "add"), ("C", "change"), ("D", "delete")):
        if letter not in PAGES[label][who]:
            address = page(model, kind, *([] if kind == "add" else [quote(row.pk)]))
            yield address, {"post": "yes", "name": "x", "status": "PAID", "is_active": "", "sales_open": ""}
    pages: Any = admin.site._registry[model]
    for name in ACTIONS:
        button = name.split("/")[1]
        if name.startswith(f"{label}/") and ACTIONS[name][who] == "-":
            chosen = {"action": button, "_selected_action": [str(row.pk)], "post": "yes"}
            path = f"admin:{model._meta.app_label}_{model._meta.model_name}_{button}"
            detail = button in pages.actions_detail
            answer = {"reason": "a reason for the auditor", "_form_submitted": "on"}
            yield (reverse(path, args=[quote(row.pk)]), answer) if detail else (page(model, "changelist"), chosen)


def _everything_there() -> dict[str, list[str]]:
    return {
        model._meta.label: sorted(repr(row) for row in model._default_manager.values_list()) for model in registered()
    }


def test_what_is_refused_changes_nothing(rows: dict[str, Any], staff: Staff) -> None:
    clients = {who: staff(who) for who in WHO}
    before, refused = _everything_there(), 0

    for who, client in clients.items():
        for label, row in rows.items():
            for address, data in _writes(label, row, who):
                # A list takes a button that it does not show for a wrong choice, and is shown again.
                again = "V" in PAGES[label][who] and address == page(_model(label), "changelist")
                assert client.post(address, data).status_code in ({200, 302} if again else {403}), (who, address)
                refused += 1

    assert refused > 350
    assert _everything_there() == before


def test_a_customer_finds_every_page_closed(rows: dict[str, Any]) -> None:
    customer = Client()
    customer.force_login(User.objects.create_user("someone@example.com", PASSWORD))
    addresses = [page(_model(label), "change", quote(row.pk)) for label, row in rows.items()]
    addresses += [address for label, row in rows.items() for address, _ in _writes(label, row, NOBODY)]

    for address in addresses:
        replies = [customer.get(address), customer.post(address, {"post": "yes"})]
        assert [(reply.status_code, reply["Location"].split("?")[0]) for reply in replies] == [
            (302, "/admin/login/")
        ] * 2, address


def test_the_first_page_shows_what_the_role_may_see(rows: dict[str, Any], staff: Staff) -> None:
    for who in WHO:
        reply: Any = staff(who).get("/admin/")
        context = reply.context_data

        items = [item for part in context["sidebar_navigation"] for item in part["items"] if item["has_permission"]]
        seen = {page(_model(label), "changelist") for label, cells in PAGES.items() if "V" in cells[who]}
        work = {f"/admin/worklists/{name}/" for name in WORK[who]} | ({"/admin/worklists/"} if WORK[who] else set())
        beside = {ADDRESSES[name][1] for name in BESIDE if VIEWS[name][who] == "yes"}
        assert {item["link"] for item in items} == {"/admin/", *seen, *work, *beside}, who
        assert sorted(card["title"] for card in context["cards"]) == CARDS[who]
        assert (context["newest"] is not None) == ("V" in PAGES["orders.Order"][who])
