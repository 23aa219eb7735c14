"""People with accounts."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from altis.accounts.models import User

PASSWORD = "correct horse battery"
MakeUser = Callable[..., User]


@pytest.fixture(autouse=True)
def _own_hasher(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["altis.accounts.hashers.Argon2Hasher"]


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """A user with PASSWORD; `email` and other fields as wished."""

    def make(email: str = "ana@example.com", **fields: object) -> User:
        return User.objects.create_user(email, PASSWORD, **fields)

    return make
