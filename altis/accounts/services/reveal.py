"""Show a person's data to staff, who say why; that they did is written down first."""

from collections.abc import Callable
from typing import TypeVar

from django.db import models

from altis.accounts.models import Reveal, User
from altis.privacy.errors import Erased, Unreadable
from altis.privacy.models import SubjectKey
from altis.store.database import command

Shown = TypeVar("Shown")


def reveal(*, actor: User, subject: str, of: models.Model, reason: str, read: Callable[[], Shown]) -> Shown:
    """What `read` gives, once a row says that this member of staff has seen it; `of` is the row whose page it was.

    Refuses when the person is Erased. Nothing is given unless the row is committed.
    """
    with command():
        # The lock makes an erasure wait: the reason would make the erased person a key anew.
        if SubjectKey.objects.select_for_update().filter(pk=subject).first() is None:
            raise Erased
        kind = str(of._meta.model_name)
        row = Reveal(actor=actor, subject=subject, object_type=kind, object_id=str(of.pk), reason=reason)
        row.save(force_insert=True)
        return read()


def clear(row: models.Model, field: str) -> str:
    """An encrypted field in clear, to be called by `read` only; `erased` or `unreadable` where there is none."""
    try:
        value = getattr(row, field)
    except Unreadable:
        return "unreadable"
    return "erased" if getattr(value, "erased", False) else str(value or "–")
