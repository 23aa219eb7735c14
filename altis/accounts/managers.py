"""How users are made and found: by e-mail address, through the blind index."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

from altis.accounts.emails import index_of, normalised

if TYPE_CHECKING:  # for annotations: the model imports its manager
    from altis.accounts.models import User


class UserManager(BaseUserManager["User"]):
    """The names that Django's own commands and forms call."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Insert a user; raises InvalidEmail, and IntegrityError when the address is taken."""
        user = self.model(email=normalised(email), **extra)
        user.set_password(password)
        user.save(force_insert=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Insert a user who may do everything in the admin."""
        return self.create_user(email, password, **{**extra, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this e-mail address; raises User.DoesNotExist, InvalidEmail."""
        return self.get(email_index=index_of(username or ""))
