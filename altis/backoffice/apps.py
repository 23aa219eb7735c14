"""The admin site as an app."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BackofficeConfig(AppConfig):
    """Templates and commands of the back-office."""

    name = "altis.backoffice"


class SiteConfig(AdminConfig):
    """Django's admin with our site as the default one."""

    default_site = "altis.backoffice.site.AltisAdminSite"
