"""The Django app that brings the commands `up` and `demo`."""

from django.apps import AppConfig


class DevstackConfig(AppConfig):
    """No models: the stack keeps its state in a folder, for it must run before any database does."""

    name = "altis.devstack"
    label = "devstack"
    verbose_name = "Development stack"
