"""A row of a work list needs nothing more, on a member of staff's word."""

from typing import Any

from django.db.models import QuerySet

from altis.backoffice.errors import AlreadySettled, NothingToSettle
from altis.backoffice.models import SettledRow
from altis.shared.actors import Actor
from altis.store.database import command


def settle_row(*, kind: str, rows: QuerySet[Any], object_id: str, actor: Actor, reason: str) -> SettledRow:
    """Take a row off its list, with who said so and why; the row itself stays.

    `rows`: those that may be settled; the one in question is locked meanwhile. Raises NothingToSettle for any other,
    and AlreadySettled for the second who says so.
    """
    with command():
        if not rows.select_for_update(no_key=True).filter(pk=object_id).exists():
            raise NothingToSettle
        row, made = SettledRow.objects.get_or_create(
            kind=kind, object_id=object_id, defaults={"actor": str(actor), "reason": reason}
        )
    if not made:
        raise AlreadySettled
    return row


def check_open(*, kind: str, object_id: str) -> None:
    """Pass while nobody has settled the row by other means; raises AlreadySettled."""
    if SettledRow.objects.filter(kind=kind, object_id=object_id).exists():
        raise AlreadySettled
