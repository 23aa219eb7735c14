"""Another JSON type at every place of every body."""

import copy
from collections.abc import Iterator
from typing import Any

from tests.api.hostile.attack import MARK, Attack, attack
from tests.api.matrix_requests import body_of

Place = tuple[str | int, ...]
_OTHERS: tuple[Any, ...] = (None, True, False, 0, -1, 1.5, 10**30, MARK, "1", "", [], [MARK], {}, {MARK: 1})


def attacks(operations: list[str]) -> Iterator[Attack]:
    """Every value of every other type, at every place. Webhooks have a table of their own."""
    for operation in operations:
        if not operation.startswith("POST ") or "/webhooks/" in operation:
            continue
        body = body_of(operation, {})
        for place, found in _places(body):
            for other in _OTHERS:
                if _kind(other) != _kind(found):
                    pointer = "".join(f"/{step}" for step in place)
                    name = f"{pointer} is {other!r}"
                    sent = _with(body, place, other)
                    yield attack(operation, name, 422, "invalid_type", body=sent, pointer=pointer)


def _places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    if place:
        yield place, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in inner:
        yield from _places(below, (*place, step))


def _kind(value: Any) -> str:
    # A whole number with a fraction is none, so 1.5 counts as another type than 1.
    return type(value).__name__


def _with(body: Any, place: Place, other: Any) -> Any:
    made = copy.deepcopy(body)
    inner = made
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = other
    return made
