"""Keep the groups of the six roles equal to the table of roles."""

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission

from altis.accounts.roles import RIGHTS

Pairs = set[tuple[int, int]]  # group, permission


def ensure_roles() -> None:
    """Make the roles' groups and give each exactly its rights. Other groups, and who is in which, are left alone.

    A right that no installed app knows is passed over: half-way through a migration there are some.
    """
    names = [role.value for role in RIGHTS]
    there = set(Group.objects.filter(name__in=names).values_list("name", flat=True))
    Group.objects.bulk_create([Group(name=name) for name in names if name not in there], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=names).values_list("name", "pk"))
    links = Group.permissions.through.objects
    present: Pairs = set(links.filter(group_id__in=groups.values()).values_list("group_id", "permission_id"))
    wanted = _wanted(groups)
    rows = [Group.permissions.through(group_id=group, permission_id=right) for group, right in sorted(wanted - present)]
    links.bulk_create(rows, ignore_conflicts=True)
    for group in {group for group, _ in present - wanted}:
        rights = [right for owner, right in present - wanted if owner == group]
        links.filter(group_id=group, permission_id__in=rights).delete()


def _wanted(groups: Mapping[str, int]) -> Pairs:
    known = Permission.objects.order_by().values_list("content_type__app_label", "codename", "pk")
    ids = {f"{app}.{codename}": pk for app, codename, pk in known}
    return {
        (groups[role.value], pk)
        for role, rights in RIGHTS.items()
        for name, pk in ids.items()
        if rights is None or name in rights
    }
