"""Give somebody a role, or take it away."""

import structlog
from django.contrib.auth.models import Group

from altis.accounts.models import User
from altis.accounts.roles import Role
from altis.accounts.services.ensure_roles import ensure_roles
from altis.accounts.services.keep_administrator import keep_administrator
from altis.store.database import command

log = structlog.get_logger(__name__)


def grant_role(*, user: User, role: Role) -> None:
    """Let the user into the back-office with this role, beside those that they have."""
    with command():
        ensure_roles()
        user.groups.add(Group.objects.get(name=role.value))
        User.objects.filter(pk=user.pk).update(is_staff=True)
    log.info("role granted", user=user.pk, role=role.value)


def revoke_role(*, user: User, role: Role) -> None:
    """Take the role away; who is then in no group leaves the back-office. Refuses for the last administrator."""
    with command():
        if role is Role.ADMINISTRATOR and not user.is_superuser:
            keep_administrator(without=user)
        user.groups.remove(*Group.objects.filter(name=role.value))
        if not user.is_superuser and not user.groups.exists():
            User.objects.filter(pk=user.pk).update(is_staff=False)
    log.info("role revoked", user=user.pk, role=role.value)
