"""Django app of catalog."""

from django.apps import AppConfig
from django.core.checks import register


class CatalogConfig(AppConfig):
    """The catalog app."""

    name = "catalog"

    def ready(self) -> None:
        """Register the check of its settings."""
        from catalog.checks import overbooking_is_readable  # noqa: PLC0415  models exist only now

        register(overbooking_is_readable)
