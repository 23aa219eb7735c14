"""Callers of the test views' paths."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from altis.accounts.models import User
from altis.accounts.tokens import issue_for, issue_guest
from altis.store.redis import client as redis_client
from tests.api.callers import Caller


@pytest.fixture(autouse=True)
def _doors() -> Iterator[None]:
    """The test views, without limits unless a test sets them, and no limiter's memory from another test."""
    redis_client().flushdb()
    with override_settings(ROOT_URLCONF="tests.api.urls", ALTIS_RATE_LIMITS="off"):
        yield


@pytest.fixture
def anyone() -> Caller:
    return Caller(None)


@pytest.fixture
def guest(db: None) -> Caller:
    return Caller(issue_guest().access)


@pytest.fixture
def user(db: None) -> Caller:
    owner = User.objects.create_user("someone@example.com", "correct horse battery")
    return Caller(issue_for(owner).access, owner.pk)
