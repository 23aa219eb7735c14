"""Which database the projections live in: always the alias `analytics`, and nothing else lives there."""

from typing import Any

from django.conf import settings

ANALYTICS = "analytics"
_APP = "insight"


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
        if _same_server():
            return None
        return (db == ANALYTICS) == (app_label == _APP)


def _same_server() -> bool:
    """Whether the alias is another name of the default database."""
    places = [
        tuple(settings.DATABASES[alias].get(part) for part in ("HOST", "PORT", "NAME"))
        for alias in ("default", ANALYTICS)
    ]
    return places[0] == places[1]
