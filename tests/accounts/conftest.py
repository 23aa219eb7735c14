"""People with accounts."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from altis.accounts.models import User
from altis.store import jobs

PASSWORD = "correct horse battery"
NEW_PASSWORD = "another battery staple"
MakeUser = Callable[..., User]
Hints = list[tuple[str, tuple[str, ...]]]


@pytest.fixture(autouse=True)
def _own_hasher(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["altis.accounts.hashers.Argon2Hasher"]


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """A user with PASSWORD; `email` and other fields as wished."""

    def make(email: str = "ana@example.com", **fields: object) -> User:
        return User.objects.create_user(email, PASSWORD, **fields)

    return make


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> Hints:
    """What was asked of the workers, each as (task, arguments), as soon as it was asked."""
    sent: Hints = []
    monkeypatch.setattr(jobs._sender, "send", lambda task, args: sent.append((task, args)))
    monkeypatch.setattr("altis.store.jobs.transaction.on_commit", lambda call, robust=False: call())
    return sent
