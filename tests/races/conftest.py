"""Fixtures of the races: who races, on what, and how to take a safeguard away so that a test can be seen to fail."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from tests.offers import market
from tests.races.served import BURST, Served, serving

Without = Callable[[str, str], None]
LIMITS = f"default={BURST}/600:{BURST},accept=100000/60:100000"
# These servers outlive their tests: an index that keeps itself true writes to the Redis of all other tests.
_SETTINGS = {"ALTIS_RATE_LIMITS": LIMITS, "ALTIS_INDEX": "off"}


@pytest.fixture
def token(owner_user: User) -> str:
    """One bearer token for all racers: clients themselves are not shared between threads."""
    return issue_for(owner_user).access


@pytest.fixture(scope="session")
def bare(django_db_setup: None) -> Iterator[Served]:
    """A server in front of which nothing stands."""
    with serving(workers=1, **_SETTINGS, ALTIS_TRUSTED_PROXY_COUNT="0") as served:
        yield served


@pytest.fixture(scope="session")
def proxied(django_db_setup: None) -> Iterator[Served]:
    """A server of two processes, in front of which stands one proxy of ours; the tests speak for it."""
    with serving(workers=2, **_SETTINGS, ALTIS_TRUSTED_PROXY_COUNT="1") as served:
        yield served


@pytest.fixture
def bundles(transactional_db: None) -> None:
    market.make_bundles()


@pytest.fixture
def without(transactional_db: None) -> Iterator[Without]:
    """Drop a rule of a table for one test. What was written meanwhile may break it: the table is emptied afterwards."""
    restore: list[str] = []

    def drop(table: str, name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
            if found := cursor.fetchone():
                restore.append(f"TRUNCATE {table} CASCADE; ALTER TABLE {table} ADD CONSTRAINT {name} {found[0]}")
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
                return
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
            restore.append(f"TRUNCATE {table} CASCADE; {cursor.fetchone()[0]}")
            cursor.execute(f"DROP INDEX {name}")

    yield drop
    with connection.cursor() as cursor:
        for statements in restore:
            cursor.execute(statements)
