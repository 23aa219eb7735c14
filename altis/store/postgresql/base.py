"""django-prometheus's PostgreSQL backend, without the class that it makes for each connection taken from the pool.

A request takes one, and a class costs more than the taking; besides, only the garbage collector ends it.
"""

from functools import cache
from typing import Any

from django_prometheus.db.backends.postgresql.base import DatabaseWrapper as CountingWrapper
from django_prometheus.db.common import ExportingCursorWrapper

_counting: Any = cache(ExportingCursorWrapper)


class DatabaseWrapper(CountingWrapper):  # type: ignore[misc]  # the library has no types
    """Counts connections and statements; its cursors are of one class per alias."""

    def get_connection_params(self) -> dict[str, Any]:
        """What a new connection is opened with."""
        params: dict[str, Any] = super(CountingWrapper, self).get_connection_params()
        params["cursor_factory"] = _counting(params["cursor_factory"], self.alias, self.vendor)
        return params
