"""The database backend: counted as ever, with one class of cursors for all connections."""

import pytest
from django.db import connection
from prometheus_client import REGISTRY

_COUNTED = {"alias": "default", "vendor": "postgresql"}


def _executed() -> float:
    return REGISTRY.get_sample_value("django_db_execute_total", _COUNTED) or 0.0


@pytest.mark.django_db
def test_statements_are_counted() -> None:
    before = _executed()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert _executed() == before + 1


@pytest.mark.django_db
def test_every_connection_has_cursors_of_the_same_class() -> None:
    first, second = (connection.get_connection_params()["cursor_factory"] for _ in range(2))

    assert first is second
    assert first.__mro__[1].__module__ == "django.db.backends.postgresql.base"
