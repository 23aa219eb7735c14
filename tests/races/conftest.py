"""Fixtures of the races: who races, on what, and how to take a safeguard away so that a test can be seen to fail."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from tests.offers import market

Without = Callable[[str, str], None]


@pytest.fixture
def token(owner_user: User) -> str:
    """One bearer token for all racers: clients themselves are not shared between threads."""
    return issue_for(owner_user).access


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
