"""An authenticator app per member of staff, and the codes for the day it is lost."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django_otp.models import Device, DeviceManager, ThrottlingMixin

from altis.privacy.fields import EncryptedTextField
from altis.store.fields import CreatedAtField


def _new_id() -> int:
    # A number, as django-otp's sessions want it, and known before the insert, as sealing wants it.
    return secrets.randbits(62)


class Authenticator(ThrottlingMixin, Device):
    """A secret that an app shares with us. django-otp's own device keeps it in clear, this one seals it."""

    id = models.BigIntegerField(primary_key=True, default=_new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    secret = EncryptedTextField(subject="user_id")
    last_step = models.BigIntegerField(default=0, help_text="The newest 30-second step whose code was used")
    created_at = CreatedAtField()
    objects: ClassVar[models.Manager["Authenticator"]] = DeviceManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "confirmed"], name="one_authenticator")]

    def __str__(self) -> str:
        return f"authenticator of {self.user_id}"

    def get_throttle_factor(self) -> int:
        """Seconds after the first wrong code; each further one doubles them."""
        return 1


class RecoveryCode(models.Model):
    """A code that is good once, known by its keyed digest only. Using it deletes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, db_collation="C")

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"
