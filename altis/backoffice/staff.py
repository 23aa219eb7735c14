"""The first member of staff."""

from altis.accounts.models import User


def ensure_staff(*, email: str, password: str) -> bool:
    """Make the administrator's account when there is none of this e-mail; True when it was made.

    An account that exists keeps its password, unless it cannot log in with this one.
    """
    try:
        user = User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        User.objects.create_superuser(email, password)
        return True
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return False
