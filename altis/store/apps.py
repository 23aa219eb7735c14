"""Django app of the store floor."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Outbox and idempotency rows."""

    name = "altis.store"
    label = "store"

    def ready(self) -> None:
        """Register the checks of a deployment."""
        from altis.store import checks  # noqa: F401, PLC0415  (it reads the settings, which import this floor)
