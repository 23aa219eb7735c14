"""Django app of personal data at rest."""

from django.apps import AppConfig

from altis.privacy import blind, keyring


class PrivacyConfig(AppConfig):
    """Data keys per person; refuses to start without its own keys."""

    name = "altis.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Read every key once: a missing or short one ends the start here, named."""
        keyring.wrapping_keys()
        blind.index_key()
