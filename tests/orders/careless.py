"""A planted fault: nobody asks whose order it is."""

from typing import Any

import pytest

from altis.store import pipeline, reading
from orders import selectors

_WHOSE, _ANYBODYS = " AND owner_id = $2", " AND $2::text <> ''"


def forget_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the condition out of every statement that reads one order, or what is in it."""

    def find(model: Any, tail: str, *params: object) -> Any:
        return reading.find(model, tail.replace(_WHOSE, _ANYBODYS), *params)

    def put(text: bytes, *params: object) -> Any:
        return pipeline.put(text.replace(_WHOSE.encode(), _ANYBODYS.encode()), *params)

    monkeypatch.setattr(selectors, "find", find)
    monkeypatch.setattr(selectors, "put", put)
