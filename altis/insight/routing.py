"""Which database the projections live in: always the alias `analytics`, and nothing else lives there."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

ANALYTICS = "analytics"
_APP = "insight"
_APART = "APART"  # our own key of the alias: it is another database than `default`
_MOST_CONNECTIONS = 4  # of one process


class AnalyticsRouter:
    """Sends the models of this app to the alias, and migrates them wherever it leads."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """The alias for our models; no opinion on others."""
        return ANALYTICS if model._meta.app_label == _APP else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        """The same."""
        return self.db_for_read(model, **hints)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Ours where the alias leads; other apps stay off a server of its own."""
        if not settings.DATABASES[ANALYTICS][_APART]:
            return None
        return (db == ANALYTICS) == (app_label == _APP)


def analytics_database(default: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The alias: `default` under another name, with what `other` says in its place.

    Its pool is its own. It opens nothing before it is used and keeps little, so a process that only sells pays nothing.
    """
    pool = {**default["OPTIONS"]["pool"], "min_size": 0, "max_size": _MOST_CONNECTIONS}
    # The certificates of one server are not those of another.
    kept = {name: value for name, value in default["OPTIONS"].items() if not (other and name.startswith("ssl"))}
    options = {**kept, **other.get("OPTIONS", {}), "pool": pool}
    alias = {**default, **other, "ENGINE": default["ENGINE"], "OPTIONS": options, "TEST": {"MIRROR": "default"}}
    # Said once, here: a test run gives the databases other names one after the other.
    return {**alias, _APART: any(alias.get(part) != default.get(part) for part in ("HOST", "PORT", "NAME"))}
