"""The second factor as an app: tables and a command of its own."""

from django.apps import AppConfig


class SecondFactorConfig(AppConfig):
    """Authenticators and recovery codes."""

    name = "altis.accounts.second_factor"
    label = "second_factor"
    verbose_name = "Second factors"
