"""The admin site as an app."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BackofficeConfig(AppConfig):
    """Templates and commands of the back-office."""

    name = "altis.backoffice"

    def ready(self) -> None:
        """The order's page as a whole: what stands above orders is put on it from here."""
        import_module("altis.backoffice.orders")


class SiteConfig(AdminConfig):
    """Django's admin with our site as the default one."""

    default_site = "altis.backoffice.site.AltisAdminSite"
