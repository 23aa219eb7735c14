"""Make sure that a staff account exists."""

from altis.accounts.credentials import user_by_email
from altis.accounts.models import User


def ensure_staff(*, email: str, password: str) -> User:
    """The administrator with this address, made or put right: active, with all rights and this password."""
    user = user_by_email(email)
    if user is None:
        return User.objects.create_superuser(email, password)
    user.is_active = user.is_staff = user.is_superuser = True
    if not user.check_password(password):
        user.set_password(password)
    user.save()
    return user
