"""Deleting filters that somebody kept."""

from altis.accounts.errors import NoSuchFilter
from altis.accounts.models import SavedFilter, User
from altis.store.database import command


def drop_filter(*, owner: User, key: int) -> SavedFilter:
    """Delete one of the owner's saved filters; returns what it was. Raises NoSuchFilter, also for a colleague's."""
    with command():
        row = SavedFilter.objects.filter(owner=owner, pk=key).first()
        if row is None:
            raise NoSuchFilter
        SavedFilter.objects.filter(pk=row.pk).delete()
    return row
