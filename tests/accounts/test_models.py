"""The custom user: found by address, unreadable in the table."""

import copy
import pickle
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from altis.accounts.errors import InvalidEmail
from altis.accounts.models import User
from altis.shared.ids import is_id
from tests.accounts.conftest import PASSWORD, MakeUser


def whole_row(user: User) -> str:
    """The row as a dump would show it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(u)::text FROM accounts_user u WHERE id = %s", [user.pk])
        return str(cursor.fetchone()[0])


def test_address_and_password_never_stand_in_the_row(make_user: MakeUser) -> None:
    user = make_user("canary.zephyrine@example.com")

    row = whole_row(user).lower()

    assert "canary" not in row
    assert "example.com" not in row
    assert PASSWORD not in row
    assert is_id("usr", user.pk)
    assert str(user) == user.pk


@pytest.mark.parametrize("spelling", ["ana@example.com", "ANA@EXAMPLE.COM", " Ana@Example.Com "])
def test_user_is_found_by_any_spelling_of_the_address(spelling: str, make_user: MakeUser) -> None:
    user = make_user()

    found = User.objects.get_by_natural_key(spelling)

    assert found == user
    assert found.email == found.get_username() == "ana@example.com"


def test_address_belongs_to_one_user(make_user: MakeUser) -> None:
    make_user()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_user("Ana@EXAMPLE.com")

    assert User.objects.count() == 1


def test_new_address_moves_the_index_with_it(make_user: MakeUser) -> None:
    make_user()
    user = User.objects.get()

    user.email = "bea@example.com"
    user.save()

    assert User.objects.get_by_natural_key("bea@example.com") == user
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key("ana@example.com")


@pytest.mark.parametrize("read_first", [True, False])
def test_save_for_another_reason_keeps_address_and_index(read_first: bool, make_user: MakeUser) -> None:
    before = whole_row(make_user())
    user = User.objects.get()
    if read_first:
        assert user.email == "ana@example.com"

    user.save()

    assert whole_row(user) == before


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda user: pickle.loads(pickle.dumps(user))])
@pytest.mark.parametrize("read_first", [True, False])
def test_copies_of_a_user_read_and_write_alike(
    clone: Callable[[User], User], read_first: bool, make_user: MakeUser
) -> None:
    before = whole_row(make_user())
    user = User.objects.get()
    if read_first:
        assert user.email == "ana@example.com"

    twin = clone(user)
    twin.save()

    assert (twin.email, whole_row(twin)) == ("ana@example.com", before)


@pytest.mark.django_db
def test_createsuperuser_takes_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", email="root@example.com", interactive=False, verbosity=0)

    user = User.objects.get_by_natural_key("root@example.com")
    assert (user.is_staff, user.is_superuser, user.check_password(PASSWORD)) == (True, True, True)


@pytest.mark.django_db
def test_no_user_without_an_address() -> None:
    with pytest.raises(InvalidEmail):
        User.objects.create_user("", PASSWORD)

    assert User.objects.exists() is False
