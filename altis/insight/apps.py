"""The insight app."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Invariants and projections."""

    name = "altis.insight"
    label = "insight"
    verbose_name = "Insight"
