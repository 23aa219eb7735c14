"""Reads of staff: who is meant, and who has which role."""

from altis.accounts.credentials import user_by_email
from altis.accounts.models import User
from altis.accounts.roles import Role


def user_named(name: str) -> User | None:
    """The user with this id or e-mail address, active or not."""
    return user_by_email(name) if "@" in name else User.objects.filter(pk=name).first()


def staff_in_roles() -> dict[Role, list[str]]:
    """The ids of the active staff in each role, in the roles' order."""
    active = User.objects.filter(is_active=True, is_staff=True).order_by("pk")
    return {role: list(active.filter(groups__name=role.value).values_list("pk", flat=True)) for role in Role}
