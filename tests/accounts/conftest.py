"""People with accounts, cheap hashes and empty caches."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from altis.accounts import tokens
from altis.accounts.hashers import Argon2Hasher
from altis.accounts.models import User
from altis.privacy import keys

PASSWORD = "correct horse battery"
MakeUser = Callable[..., User]


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["altis.accounts.hashers.Argon2Hasher"]
    monkeypatch.setattr(Argon2Hasher, "memory_cost", 8)
    monkeypatch.setattr(Argon2Hasher, "time_cost", 1)


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    tokens.forget_verified()
    keys.forget_all()
    yield
    tokens.forget_verified()
    keys.forget_all()


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """A user with PASSWORD; `email` and other fields as wished."""

    def make(email: str = "ana@example.com", **fields: object) -> User:
        return User.objects.create_user(email, PASSWORD, **fields)

    return make
