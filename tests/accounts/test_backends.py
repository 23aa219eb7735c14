"""Log-in to the admin, by e-mail address."""

from unittest.mock import patch

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from altis.accounts.credentials import checked_user
from altis.accounts.hashers import Argon2Hasher
from tests.accounts.conftest import PASSWORD, MakeUser


def test_admin_log_in_takes_the_address(make_user: MakeUser) -> None:
    user = make_user(is_staff=True)

    assert authenticate(username="ANA@example.com", password=PASSWORD) == user
    assert authenticate(email="ana@example.com", password=PASSWORD) == user
    assert Client().login(username="ana@example.com", password=PASSWORD) is True


@pytest.mark.parametrize(
    "credentials",
    [
        {"username": "ana@example.com", "password": "wrong"},
        {"username": "bea@example.com", "password": PASSWORD},
        {"username": "no address", "password": PASSWORD},
        {"username": "ana@example.com", "password": None},
        {"password": PASSWORD},
    ],
)
def test_wrong_credentials_open_nothing(credentials: dict[str, str | None], make_user: MakeUser) -> None:
    make_user()

    assert authenticate(None, **credentials) is None


def test_shut_account_opens_nothing(make_user: MakeUser) -> None:
    make_user(is_active=False)

    assert authenticate(username="ana@example.com", password=PASSWORD) is None


@pytest.mark.parametrize("email", ["ana@example.com", "bea@example.com", "no address"])
def test_one_hash_is_computed_whether_or_not_the_address_is_known(email: str, make_user: MakeUser) -> None:
    make_user()
    with (
        patch.object(Argon2Hasher, "encode", autospec=True, side_effect=Argon2Hasher.encode) as made,
        patch.object(Argon2Hasher, "verify", autospec=True, side_effect=Argon2Hasher.verify) as checked,
    ):
        checked_user(email, "a guess")

    assert made.call_count + checked.call_count == 1
