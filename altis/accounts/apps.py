"""Django app of users and tokens."""

from django.apps import AppConfig

from altis.privacy import keyring


class AccountsConfig(AppConfig):
    """Users and tokens; refuses to start without signing keys."""

    name = "altis.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Read the ring once: a missing or short key ends the start here, named."""
        keyring.ring("ALTIS_SIGNING_KEYS")
