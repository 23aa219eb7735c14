"""Whoever gives rights gives none that they lack, somebody can always give some, and each change names its author."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, Permission
from django.test import Client

from altis.accounts.models import User
from altis.store.database import DbNow
from altis.store.models import OutboxEvent
from catalog.models import Product, Schedule
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page
from tests.factories import make_product, make_schedule
from tests.races.threads import Runner, race
from tests.store.rows import note

pytestmark = pytest.mark.django_db


def _rights(client: Client, user: User, **form: Any) -> int:
    return client.post(page(User, "change", quote(user.pk)), {"reason": "duties", **form}).status_code


def _group(name: str) -> Group:
    return Group.objects.get(name=name)


def _desk(staff: Staff, *codenames: str) -> Client:
    """Somebody in a group that the airline made, with these rights."""
    Group.objects.create(name="Desk").permissions.set(Permission.objects.filter(codename__in=codenames))
    return staff("Desk")


def test_an_administrator_gives_roles(staff: Staff, owner_user: User) -> None:
    client, boss = staff("Administrator"), User.objects.get(is_staff=True)

    status = _rights(client, owner_user, is_active="on", is_staff="on", groups=[_group("Administrator").pk])

    owner_user.refresh_from_db()
    assert (status, owner_user.is_staff, owner_user.is_superuser) == (302, True, False)
    assert list(owner_user.groups.all()) == [_group("Administrator")]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (
        boss,
        owner_user.pk,
        "Changed Is staff and Groups.",
    )


def test_nobody_becomes_a_superuser_here(staff: Staff, administrator: Client, owner_user: User) -> None:
    for client in (staff("Administrator"), administrator):
        assert _rights(client, owner_user, is_active="on", is_staff="on", is_superuser="on") == 302

    assert list(User.objects.filter(is_superuser=True, pk=owner_user.pk)) == []


def test_nobody_gives_a_role_with_rights_that_they_lack(staff: Staff, owner_user: User) -> None:
    desk = _desk(staff, "view_user", "change_user", "view_group")

    for name in ("Administrator", "Finance"):
        assert _rights(desk, owner_user, is_active="on", is_staff="on", groups=[_group(name).pk]) == 200
    assert not owner_user.groups.exists()

    assert _rights(desk, owner_user, is_active="on", is_staff="on", groups=[_group("Desk").pk]) == 302


def test_nobody_changes_people_who_have_rights_that_they_lack(staff: Staff, administrator: Client) -> None:
    staff("Finance")
    above = {
        _desk(staff, "view_user", "change_user"): User.objects.get(groups__name="Finance"),
        staff("Administrator"): User.objects.get(is_superuser=True),
    }

    assert [_rights(client, user) for client, user in above.items()] == [403, 403]
    assert User.objects.filter(is_active=True, is_staff=True).count() == 4


def test_a_group_gets_no_rights_that_its_maker_lacks(staff: Staff) -> None:
    desk = _desk(staff, "view_group", "add_group", "change_group")
    mine, more = Permission.objects.get(codename="view_group"), Permission.objects.get(codename="delete_group")

    given = [
        desk.post(page(Group, "add"), {"name": f"Made {right.codename}", "permissions": [right.pk]}).status_code
        for right in (mine, more)
    ]

    assert given == [302, 200]
    assert (
        desk.post(
            page(Group, "change", _group("Desk").pk), {"name": "Desk", "permissions": [more.pk], "reason": "duties"}
        ).status_code
        == 200
    )
    assert not _group("Desk").permissions.filter(pk=more.pk).exists()


def test_nobody_edits_a_role(staff: Staff, administrator: Client) -> None:
    finance, before = _group("Finance"), set(_group("Finance").permissions.all())

    for client in (staff("Administrator"), administrator):
        for kind in ("change", "delete"):
            assert client.post(page(Group, kind, finance.pk), {"name": "Finance", "post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [finance.pk], "post": "yes"}
        assert client.post(page(Group, "changelist"), chosen).status_code == 403

    assert set(_group("Finance").permissions.all()) == before


@pytest.mark.parametrize("form", [{"is_staff": "on"}, {"is_active": "on"}, {"is_active": "on", "is_staff": "on"}])
def test_the_last_administrator_stays(staff: Staff, form: dict[str, str]) -> None:
    client, last = staff("Administrator"), User.objects.get(is_staff=True)
    kept = {**form, "groups": [_group("Administrator").pk]} if len(form) == 1 else form

    assert _rights(client, last, **kept) == 200

    last.refresh_from_db()
    assert (last.is_active, last.is_staff, last.groups.count()) == (True, True, 1)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_shut_out_each_other_at_once_leave_one(staff: Staff) -> None:
    clients = [staff("Administrator")]
    first = User.objects.get(is_staff=True)
    second = User.objects.create_user("second@example.com", "correct horse battery", is_staff=True)
    second.groups.add(_group("Administrator"))
    clients.append(Client())
    clients[1].force_login(second)

    race([Runner(lambda: _rights(clients[0], second, is_active="on")), Runner(lambda: _rights(clients[1], first))])

    assert User.objects.filter(is_staff=True, is_active=True).count() == 1


def test_an_analyst_sets_prices_and_nothing_else(staff: Staff) -> None:
    bag = make_product("bag", code="BAG", price="45.00")
    form = {
        "base_price": "50.00",
        "currency": "USD",
        "name": "Cheap bag",
        "active": "",
        "code": "X",
        "reason": "new_price",
    }

    assert staff("Pricing analyst").post(page(Product, "change", bag.pk), form).status_code == 302

    after = Product.objects.get(pk=bag.pk)
    assert (after.base_price_minor, after.name, after.code, after.active) == (5000, bag.name, "BAG", True)
    assert LogEntry.objects.get().get_change_message() == "Changed Base price."
    assert LogEntry.objects.get().user == User.objects.get(is_staff=True)


def test_an_analyst_changes_fares_and_no_timetable(staff: Staff) -> None:
    schedule = make_schedule()
    fare = schedule.fares.get()
    form = {
        "fares-TOTAL_FORMS": 1,
        "fares-INITIAL_FORMS": 1,
        "fares-0-id": fare.pk,
        "fares-0-schedule": schedule.pk,
        "fares-0-cabin": "economy",
        "fares-0-base": "123.45",
        "fares-0-currency": "USD",
        "flight_number": "999",
        "reason": "new_price",
    }

    reply = staff("Pricing analyst").post(page(Schedule, "change", schedule.pk), form)

    assert reply.status_code == 302, reply.text
    fare.refresh_from_db()
    assert (fare.base_minor, Schedule.objects.get().flight_number) == (12345, schedule.flight_number)


def test_trying_events_again_is_written_down(staff: Staff) -> None:
    row = note("a", "1")[0]
    OutboxEvent.objects.filter(position=row.position).update(parked_at=DbNow(), error="too large")
    chosen = {"action": "try_again", "_selected_action": [str(row.position)]}

    staff("Administrator").post(page(OutboxEvent, "changelist"), chosen)

    assert [(entry.object_id, entry.get_change_message()) for entry in LogEntry.objects.all()] == [
        (str(row.position), "Tried again")
    ]
