"""Never shut out the last administrator."""

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from altis.accounts.errors import LastAdministrator
from altis.accounts.models import User
from altis.accounts.roles import Role


def administrators() -> QuerySet[User]:
    """Who can still give rights: active staff in the role, and active superusers."""
    able = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR.value)
    return User.objects.filter(able, is_active=True, is_staff=True).distinct()


def keep_administrator(*, without: User) -> None:
    """Raise LastAdministrator when this user is an administrator and nobody else is.

    Call it in the transaction that takes the rights away: of two that do so at once the second waits here, and then
    counts what the first has left.
    """
    _one_at_a_time()
    if administrators().filter(pk=without.pk).exists() and not administrators().exclude(pk=without.pk).exists():
        raise LastAdministrator


def _one_at_a_time() -> None:
    list(Group.objects.select_for_update(no_key=True).filter(name=Role.ADMINISTRATOR.value))
