"""What every test may use: a database whose clock can be moved, a Redis without memory of other tests, HTTP clients."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from altis.accounts import tokens
from altis.accounts.hashers import Argon2Hasher
from altis.accounts.models import User
from altis.privacy import keys
from altis.shared.actors import Actor
from altis.store import clock_offset
from altis.store.redis import client as redis_client
from tests import emptying
from tests.clients import ApiClient, guest_client, user_client
from tests.payments.simulators import API_KEY, Simulator

Later = Callable[[float], None]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The clock functions with an offset, so that 30 minutes pass in a millisecond."""
    with django_db_blocker.unblock():
        clock_offset.install()
        emptying.install()
    yield
    # Another name of the same database, with a pool of its own: a database in use cannot be dropped.
    with django_db_blocker.unblock():
        connections["analytics"].close()
        connections["analytics"].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's own


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cheap password hashes, empty caches, and an empty Redis for tests that use the database."""
    monkeypatch.setattr(Argon2Hasher, "memory_cost", 8)
    monkeypatch.setattr(Argon2Hasher, "time_cost", 1)
    tokens.forget_verified()
    keys.forget_all()
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        redis_client().flushdb()
        caches["default"].clear()  # Django's cache has a database of its own
    yield
    tokens.forget_verified()
    keys.forget_all()


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    """Rate limits and caps are off, but where a test sets them."""
    settings.ALTIS_RATE_LIMITS = "off"
    settings.ALTIS_OPEN_HOLDS = "off"
    settings.ALTIS_LOGIN_FAILURES = "off"


@pytest.fixture
def later(db: None) -> Iterator[Later]:
    """`later(1801)`: the database's clock, on this test's connection, is that many seconds ahead."""

    def ahead(seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('altis.clock_offset', %s, false)", [f"{seconds} seconds"])

    yield ahead
    ahead(0)


@pytest.fixture
def owner_user(db: None) -> User:
    return User.objects.create_user("owner@example.com", "correct horse battery")


@pytest.fixture
def owner_actor(owner_user: User) -> Actor:
    return Actor("user", owner_user.pk)


@pytest.fixture
def owner(owner_user: User) -> ApiClient:
    """Owns what the test makes."""
    return user_client(owner_user)


@pytest.fixture
def stranger(db: None) -> ApiClient:
    """A user to whom nothing here belongs."""
    return user_client(User.objects.create_user("stranger@example.com", "correct horse battery"))


@pytest.fixture
def guest(db: None) -> ApiClient:
    """Somebody who has not logged in."""
    return guest_client()


@pytest.fixture(scope="session")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    ledger = tmp_path_factory.mktemp("gateway") / "ledger.sqlite3"
    running = Simulator(
        ledger=ledger, environ={"ALTIS_SIMULATOR_WEBHOOK_URL": "", "ALTIS_SIMULATOR_PENDING_SECONDS": "1"}
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def gateway(_simulator: Simulator, settings: Any) -> Simulator:
    """The simulator gateway as the product's own; it tells no webhooks."""
    settings.ALTIS_SIMULATOR_URL = f"http://127.0.0.1:{_simulator.port}"
    settings.ALTIS_SIMULATOR_API_KEY = API_KEY
    return _simulator
