"""Whatever stands in the address of a list: it answers, and asks no more of a column than its filters do."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from altis.accounts.models import User
from altis.audit.models import Entry
from altis.store.admin.lists import SteadyList
from orders.models import Order
from tests.backoffice.pages import page, registered

pytestmark = pytest.mark.django_db(transaction=True)
_ODD = ("\x00", "x", "-1", "13", "9999", "9" * 30, "NaN", "²", "' OR 1=1 --", "\ud7ff")
_OF_THE_LIST = ("q", "p", "o", "all", "e", "_facets", "_popup", "_to_field", "pk", "nothing", "nothing__in", "__")
_OF_A_COLUMN = ("", "__exact", "__in", "__isnull", "__gte", "__lt", "__year", "__month", "__day", "__regex", "_from")


def _names(model: type[Model]) -> list[str]:
    """Every parameter that some part of the list reads, and those that ask a column something."""
    pages: Any = admin.site._registry[model]
    filters: list[Any] = [each[0] if isinstance(each, tuple) else each for each in pages.list_filter]
    own = [each.parameter_name for each in filters if not isinstance(each, str)]
    paths = {each for each in (*filters, pages.date_hierarchy) if isinstance(each, str)}
    asked = [f"{path}{lookup}" for path in sorted(paths) for lookup in _OF_A_COLUMN]
    return [*_OF_THE_LIST, *own, *asked, *(field.attname for field in model._meta.concrete_fields)]


def _refused(model: type[Model], client: Client, questions: Any) -> dict[Any, int]:
    """What was answered otherwise than with the list, the way back to it, or a plain refusal."""
    answered = {question: client.get(page(model, "changelist"), [question]).status_code for question in questions}
    return {question: status for question, status in answered.items() if status not in (200, 302, 400)}


def _worst(model: type[Model]) -> Iterator[tuple[str, str]]:
    """The few that Django itself does not survive."""
    pages: Any = admin.site._registry[model]
    yield from (("q", "\x00"), ("p", "9" * 30), ("o", "-"), ("all", ""), ("pk", "\x00"))
    for each in pages.list_filter:
        path = each[0] if isinstance(each, tuple) else each
        yield (f"{path}__exact" if isinstance(path, str) else path.parameter_name), "\x00"
    if pages.date_hierarchy:
        yield f"{pages.date_hierarchy}__year", "9999"
        yield f"{pages.date_hierarchy}__year", "0"


def test_every_list_survives_what_django_does_not(everything: Order, administrator: Client) -> None:
    found = {model._meta.label: _refused(model, administrator, _worst(model)) for model in registered()}

    assert {label: told for label, told in found.items() if told} == {}


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_no_address_of_a_list_is_more_than_it_can_answer(everything: Order, administrator: Client) -> None:
    questions = {model: [(name, odd) for name in _names(model) for odd in _ODD] for model in registered()}

    found = {model._meta.label: _refused(model, administrator, asked) for model, asked in questions.items()}

    assert {label: told for label, told in found.items() if told} == {}


def test_the_year_9999_leads_back_to_the_whole_list(everything: Order, administrator: Client) -> None:
    reply = administrator.get(page(Entry, "changelist"), {"at__year": "9999"})

    assert (reply.status_code, reply["Location"]) == (302, f"{page(Entry, 'changelist')}?e=1")


def test_no_list_lets_anybody_ask_what_its_filters_do_not(everything: Order, administrator: Client) -> None:
    # With these, whoever may look at accounts would read password hashes and addresses letter by letter.
    for name in ("password__startswith", "password", "email_index__startswith", "pk__regex", "groups__permissions"):
        assert administrator.get(page(User, "changelist"), {name: "p"}).status_code == 400, name
    assert administrator.get(page(User, "changelist"), {"is_staff__exact": "1"}).status_code == 200


def test_every_list_is_a_steady_one(rf: Any) -> None:
    lists = {model._meta.label: admin.site._registry[model].get_changelist(rf.get("/")) for model in registered()}

    assert {label for label, kind in lists.items() if kind is not SteadyList} == set()


def test_no_list_sorts_by_a_column_whose_head_does_not(everything: Order, administrator: Client) -> None:
    reply: Any = administrator.get(page(Order, "changelist"), {"o": "4"})

    assert reply.context["cl"].get_ordering_field("price") is None
    assert reply.context["cl"].get_ordering_field("placed") == "id"
