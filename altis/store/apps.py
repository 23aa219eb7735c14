"""Django app of the store floor."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Outbox and idempotency rows."""

    name = "altis.store"
    label = "store"
