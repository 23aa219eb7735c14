"""Django app of offers."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """The offers app."""

    name = "offers"
