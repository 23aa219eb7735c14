"""Accounts at a desk."""

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.test import Client

from altis.accounts.models import User
from altis.store.models import OutboxEvent
from tests.backoffice.pages import page

pytestmark = pytest.mark.django_db


def test_an_account_is_found_by_its_whole_address_and_shown_masked(looker: Client, owner_user: User) -> None:
    found = looker.get(page(User, "changelist"), {"q": "Owner@example.com"}).text
    shown = looker.get(page(User, "change", quote(owner_user.pk))).text

    assert owner_user.pk in found
    assert "o•••" in shown
    assert "owner@example.com" not in shown.replace('value="Owner@example.com"', "")


@pytest.mark.parametrize("term", ["owner@", "wner@example.com", "@"])
def test_part_of_an_address_finds_nobody(looker: Client, owner_user: User, term: str) -> None:
    assert owner_user.pk not in looker.get(page(User, "changelist"), {"q": term}).text


def test_an_administrator_lets_somebody_in(administrator: Client, owner_user: User) -> None:
    group = Group.objects.create(name="Agents")
    before = User.objects.get(pk=owner_user.pk)
    form = {"is_active": "on", "is_staff": "on", "groups": [group.pk], "reason": "joined"}

    reply = administrator.post(page(User, "change", quote(owner_user.pk)), form)

    assert reply.status_code == 302, reply.text
    after = User.objects.get(pk=owner_user.pk)
    assert (after.is_staff, after.is_superuser, list(after.groups.all())) == (True, False, [group])
    assert (after.email, after.password) == (before.email, before.password)


def test_nobody_else_gives_rights(looker: Client) -> None:
    me = User.objects.get(is_staff=True)

    reply = looker.post(page(User, "change", quote(me.pk)), {"is_superuser": "on", "is_staff": "on"})

    assert reply.status_code == 403
    assert not User.objects.get(pk=me.pk).is_superuser


def test_the_outbox_is_filtered_by_state(looker: Client) -> None:
    OutboxEvent.objects.create(id="evt_w", topic="t", type="waits", subject="s", sequence=1)
    parked = "2026-01-01T00:00:00Z"
    OutboxEvent.objects.create(id="evt_p", topic="t", type="parks", subject="s", sequence=2, parked_at=parked)
    OutboxEvent.objects.create(id="evt_d", topic="t", type="done", subject="s", sequence=3, published_at=parked)

    def rows(state: str) -> list[str]:
        changelist = looker.get(page(OutboxEvent, "changelist"), {"state": state}).context["cl"]
        return [event.pk and event.id for event in changelist.result_list]

    assert (rows("waiting"), rows("parked"), rows("published")) == (["evt_w"], ["evt_p"], ["evt_d"])
