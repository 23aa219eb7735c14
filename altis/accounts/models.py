"""The custom user: known by an e-mail address that is encrypted at rest and found by its blind index."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from altis.accounts.emails import INDEX_PURPOSE
from altis.accounts.managers import UserManager
from altis.privacy.blind import BlindIndexField
from altis.privacy.fields import EncryptedTextField
from altis.store.fields import CreatedAtField, PublicIdField


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a customer, or a member of staff. The id is what tokens and orders carry."""

    id = PublicIdField(prefix="usr")
    email = EncryptedTextField(subject="id", verbose_name="e-mail address")
    email_index = BlindIndexField(source="email", purpose=INDEX_PURPOSE, unique=True)
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(default=True, help_text="Take this away instead of deleting the account")
    is_staff = models.BooleanField(default=False, help_text="May log in to the admin")
    date_joined = CreatedAtField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return str(self.pk)
