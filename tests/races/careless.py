"""A planted fault: a row is moved on, whatever has happened to it since it was read."""

from typing import Any


def careless(row: Any, to: str, *, cause: Any, **also: Any) -> None:
    """In place of `altis.store.transition.move`: no condition, no event, no history."""
    type(row).objects.filter(pk=row.pk).update(status=to)
