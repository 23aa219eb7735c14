"""Django app of users and tokens."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from altis.accounts import checks
from altis.privacy import keyring


class AccountsConfig(AppConfig):
    """Users and tokens; refuses to start without signing keys."""

    name = "altis.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Read the ring once: a missing or short key ends the start here, named. Then what others call."""
        from altis.accounts.after_migrate import keep_roles  # noqa: PLC0415  models exist only now

        keyring.ring("ALTIS_SIGNING_KEYS")
        post_migrate.connect(keep_roles, dispatch_uid="accounts.keep_roles")
        register(checks.mail_reaches_people, Tags.security, deploy=True)
