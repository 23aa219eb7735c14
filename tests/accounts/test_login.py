"""Log-in, and the staff account that is always there."""

import pytest

from altis.accounts.errors import InvalidCredentials
from altis.accounts.models import User
from altis.accounts.services.ensure_staff import ensure_staff
from altis.accounts.services.login import login
from tests.accounts.conftest import PASSWORD, MakeUser


def test_right_credentials_give_the_user(make_user: MakeUser) -> None:
    user = make_user()

    assert login(email="ANA@example.com", password=PASSWORD) == user


@pytest.mark.parametrize(
    ("email", "password"),
    [("ana@example.com", "wrong"), ("bea@example.com", PASSWORD), ("nonsense", PASSWORD), ("ana@example.com", "")],
)
def test_wrong_credentials_are_refused_alike(email: str, password: str, make_user: MakeUser) -> None:
    make_user()

    with pytest.raises(InvalidCredentials) as refusal:
        login(email=email, password=password)

    assert refusal.value.detail == InvalidCredentials.message


def test_shut_account_is_refused(make_user: MakeUser) -> None:
    make_user(is_active=False)

    with pytest.raises(InvalidCredentials):
        login(email="ana@example.com", password=PASSWORD)


def test_staff_account_is_made_once_and_put_right(make_user: MakeUser) -> None:
    user = make_user("root@example.com", is_active=False)

    for _ in range(2):
        ensure_staff(email="root@example.com", password="another battery staple")
    ensure_staff(email="second@example.com", password=PASSWORD)

    user.refresh_from_db()
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, True, True)
    assert user.check_password("another battery staple")
    assert User.objects.filter(is_superuser=True).count() == 2
