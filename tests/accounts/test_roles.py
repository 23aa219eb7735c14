"""The table of roles, the groups made from it, and who is in which."""

import threading
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.apps import apps as installed
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from altis.accounts import after_migrate
from altis.accounts.after_migrate import keep_roles
from altis.accounts.models import User
from altis.accounts.roles import RIGHTS, Role, role_named
from altis.accounts.services import grant_role as granting
from altis.accounts.services import keep_administrator as keeping
from altis.accounts.services.ensure_roles import ensure_roles
from altis.accounts.services.grant_role import grant_role, revoke_role
from tests.races.threads import Runner, race

pytestmark = pytest.mark.django_db(transaction=True)
MakeUser = Callable[..., User]


def _rights(name: str) -> set[str]:
    rows = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def _every_right() -> set[str]:
    rows = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_a_fresh_database_has_the_six_roles_with_their_rights() -> None:
    wanted = {role.value: _every_right() if rights is None else set(rights) for role, rights in RIGHTS.items()}

    assert set(RIGHTS) == set(Role)
    assert {role.value: _rights(role.value) for role in Role} == wanted


def test_every_right_of_the_table_is_one_that_exists() -> None:
    named = {name for rights in RIGHTS.values() if rights is not None for name in rights}

    assert named - _every_right() == set()


def test_the_auditor_only_looks() -> None:
    rights = RIGHTS[Role.AUDITOR] or ()

    assert {name.split(".")[1].split("_")[0] for name in rights} == {"view"}


def test_what_was_changed_by_hand_is_put_right_and_own_groups_are_left_alone() -> None:
    finance, own = Group.objects.get(name="Finance"), Group.objects.create(name="Night shift")
    refund, order = (Permission.objects.get(codename=name) for name in ("view_refund", "change_order"))
    own.permissions.add(order)
    finance.permissions.remove(refund)
    finance.permissions.add(order)
    Group.objects.get(name="Auditor").delete()

    ensure_roles()

    assert _rights("Finance") == set(RIGHTS[Role.FINANCE] or ())
    assert _rights("Auditor") == set(RIGHTS[Role.AUDITOR] or ())
    assert _rights("Night shift") == {"orders.change_order"}


def test_members_stay_and_a_second_run_writes_nothing(make_user: MakeUser) -> None:
    user = make_user()
    user.groups.add(Group.objects.get(name="Finance"))

    with CaptureQueriesContext(connection) as queries:
        ensure_roles()

    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert list(user.groups.values_list("name", flat=True)) == ["Finance"]


@pytest.mark.parametrize(
    ("last", "using", "kept"), [(True, "default", 1), (False, "default", 0), (True, "analytics", 0)]
)
def test_roles_are_kept_once_per_migration(monkeypatch: pytest.MonkeyPatch, last: bool, using: str, kept: int) -> None:
    calls: list[int] = []
    monkeypatch.setattr(after_migrate, "ensure_roles", lambda: calls.append(1))
    apps = [app for app in installed.get_app_configs() if app.models_module]

    keep_roles(sender=apps[-1 if last else 0], using=using)

    assert len(calls) == kept


@pytest.mark.parametrize("text", ["Customer agent", "customer-agent", "CUSTOMER_AGENT", " customer agent "])
def test_a_role_is_known_however_it_is_typed(text: str) -> None:
    assert role_named(text) is Role.CUSTOMER_AGENT


def _run(*words: str) -> str:
    out = StringIO()
    call_command("grant_role", *words, stdout=out)
    return out.getvalue().strip()


def test_a_role_is_given_shown_and_taken_away(make_user: MakeUser) -> None:
    user = make_user()

    assert _run("Ana@example.com", "customer-agent") == f"{user.pk} is Customer agent"
    assert f"Customer agent: {user.pk}" in _run("--list").splitlines()
    assert User.objects.get().has_perm("orders.cancel_order")

    assert _run(user.pk, "customer agent", "--revoke") == f"{user.pk} is no longer Customer agent"
    assert (User.objects.get().is_staff, User.objects.get().groups.count()) == (False, 0)


def test_who_keeps_another_role_stays_in_the_back_office(make_user: MakeUser) -> None:
    user = make_user()
    for role in (Role.FINANCE, Role.AUDITOR):
        grant_role(user=user, role=role)

    revoke_role(user=user, role=Role.FINANCE)

    assert User.objects.get().is_staff
    assert list(user.groups.values_list("name", flat=True)) == ["Auditor"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nobody@example.com", "auditor"), "no such account"),
        (("ana@example.com", "king"), "A role is one of"),
        ((), "no such"),
    ],
)
def test_what_is_unknown_is_said(make_user: MakeUser, words: tuple[str, ...], says: str) -> None:
    make_user()

    with pytest.raises(CommandError, match=says):
        _run(*words)

    assert not User.objects.get().is_staff


def test_the_last_administrator_keeps_the_role(make_user: MakeUser) -> None:
    _run(make_user().pk, "administrator")

    with pytest.raises(CommandError, match="Nobody else is an administrator"):
        _run("ana@example.com", "administrator", "--revoke")

    assert User.objects.get().groups.get().name == "Administrator"


def _both_leave(make_user: MakeUser) -> list[Any]:
    pair = [make_user(f"{name}@example.com") for name in ("ana", "ben")]
    for user in pair:
        grant_role(user=user, role=Role.ADMINISTRATOR)
    return race([Runner(lambda user=user: revoke_role(user=user, role=Role.ADMINISTRATOR)) for user in pair])  # type: ignore[misc]  # mypy cannot infer such a lambda


@pytest.mark.race
def test_of_two_administrators_who_leave_at_once_one_stays(make_user: MakeUser) -> None:
    told = _both_leave(make_user)

    assert sorted(map(str, told)) == ["None", "last_administrator"]
    assert keeping.administrators().count() == 1


@pytest.mark.race
def test_without_the_lock_both_would_be_gone(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_counted = threading.Barrier(2, timeout=20)
    kept = keeping.keep_administrator

    def unguarded(*, without: User) -> None:
        kept(without=without)
        both_have_counted.wait()

    monkeypatch.setattr(keeping, "_one_at_a_time", lambda: None)
    monkeypatch.setattr(granting, "keep_administrator", unguarded)

    assert _both_leave(make_user) == [None, None]
    assert keeping.administrators().count() == 0
