"""What becomes of the gate on a member of staff's word stands in the log of the back-office."""

from collections.abc import Mapping

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from catalog.models import Inventory
from catalog.services.audit import chunks


def note_mended(*, staff: str, notes: Mapping[int, str]) -> None:
    """A line for each inventory, by its id, under a `usr_…`; an id that the ledger lacks is passed over."""
    kind = ContentType.objects.get_for_model(Inventory)
    for chunk in chunks(notes):
        rows = Inventory.objects.select_related("flight", "product").in_bulk(chunk)
        LogEntry.objects.bulk_create(
            LogEntry(
                user_id=staff,
                content_type=kind,
                object_id=str(row.pk),
                object_repr=str(row),
                action_flag=CHANGE,
                change_message=notes[row.pk],
            )
            for row in rows.values()
        )
