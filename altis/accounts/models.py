"""The custom user, known by an e-mail address that is encrypted at rest; who has seen whose data; what staff keep."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password, make_password
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

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. A hash of an older cost is replaced, unless the password changed meanwhile."""
        return check_password(raw_password, self.password, self._upgrade)

    def _upgrade(self, raw_password: str) -> None:
        # Django's own would write the old password back over one that was changed a moment ago.
        fresh = make_password(raw_password)
        if User.objects.filter(pk=self.pk, password=self.password).update(password=fresh):
            self.password = fresh


class Reveal(models.Model):
    """A member of staff has seen a person's data: append-only by trigger. The reason is sealed for that person."""

    id = PublicIdField(prefix="rvl")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who has seen it")
    subject = models.CharField(max_length=64, db_collation="C", help_text="Whose data: a usr_ id")
    object_type = models.CharField(max_length=32, help_text="What was open: an order, or the account")
    object_id = models.CharField(max_length=32, db_collation="C")
    reason = EncryptedTextField(subject="subject")
    at = CreatedAtField()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index("subject", name="reveal_by_subject"),
            models.Index("object_id", name="reveal_by_object"),
            models.Index("at", name="reveal_by_time"),
        ]
        permissions = [("reveal_personal_data", "Can reveal personal data, for a reason that is written down")]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"


class SavedFilter(models.Model):
    """Filters of a list in the back-office, under the name that a member of staff gave them. Nobody else sees it.

    What was searched for is never part of it, since that may be somebody's name.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="saved_filters")
    page = models.CharField(max_length=64, help_text="Whose list: `orders.order`")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500, help_text="As in the address of the list")
    created_at = CreatedAtField()

    class Meta:
        default_permissions = ()  # everybody's own, on each list that they may see
        ordering = ("name",)
        constraints = [models.UniqueConstraint("owner", "page", "name", name="saved_filter_once")]

    def __str__(self) -> str:
        return f"{self.page} {self.name}"
