"""Many counts by one statement."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet, TextField, Value


def count_many(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of these querysets has, by its name."""
    counted = [
        each.order_by().values(counted=Value(name, TextField())).annotate(rows=Count("pk"))
        for name, each in rows.items()
    ]
    if not counted:
        return {}
    found = counted[0].union(*counted[1:], all=True) if len(counted) > 1 else counted[0]
    return {name: 0 for name in rows} | {row["counted"]: row["rows"] for row in found}
