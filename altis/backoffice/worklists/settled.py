"""Rows that somebody has settled by other means are on no list."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from altis.backoffice.models import SettledRow

M = TypeVar("M", bound=Model)


def without_settled(rows: QuerySet[M], *, kind: str) -> QuerySet[M]:
    """These rows, less those that were settled on a list of this kind."""
    return rows.filter(~Exists(SettledRow.objects.filter(kind=kind, object_id=OuterRef("pk"))))
