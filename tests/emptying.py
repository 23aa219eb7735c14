"""Empties the database after a test that committed: only the tables that have rows.

Django's own flush truncates every table, and then makes content types, permissions and roles anew: half a second for
each of hundreds of tests. What migrations made is left standing while it is what it was; else Django's way is gone.
"""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

MADE_BY_MIGRATIONS = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions")
_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # private, and what pytest-django calls
_standing: dict[str, Any] = {}


def install() -> None:
    """Note what migrations made, and take the place of Django's flush from now on."""
    _standing["default"] = _fingerprint(connections["default"])
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]  # as above


def _empty(case: Any) -> None:
    names = case._databases_names(include_mirrors=False)
    if case.available_apps is None and all(_fingerprint(connections[name]) == _standing.get(name) for name in names):
        for name in names:
            _truncate(connections[name])
    else:
        _flush(case)
        _standing.update({name: _fingerprint(connections[name]) for name in names})


def _fingerprint(connection: BaseDatabaseWrapper) -> Any:
    parts = ", ".join(f"(SELECT sum(hashtextextended(t::text, 0)) FROM {table} t)" for table in MADE_BY_MIGRATIONS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        return cursor.fetchone()


def _truncate(connection: BaseDatabaseWrapper) -> None:
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    there = set(connection.introspection.table_names())
    ours = [table for table in tables if table in there and table not in MADE_BY_MIGRATIONS]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in ours))
        full = [table for (table,) in cursor.fetchall()]
        if full:
            cursor.execute(f"TRUNCATE {', '.join(full)} CASCADE")
