"""Reading whole rows with what waits in the queue: a prepared statement, and instances as Django would make them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import orjson
from django.db import connection, models

from altis.store.pipeline import put
from altis.store.statements import Answer

M = TypeVar("M", bound=models.Model)
_LOADERS: Mapping[type[Any], Callable[[str], Any]] = {
    models.IntegerField: int,
    models.BooleanField: lambda text: text == "t",
    models.DateTimeField: datetime.fromisoformat,
    models.DecimalField: Decimal,
}


def find(model: type[M], tail: str, *params: object) -> "Found[M]":
    """Queue a read of whole rows; `tail` is what stands behind FROM and the table, such as `WHERE id = $1 FOR UPDATE`.

    The text is prepared, so it is made of constants alone.
    """
    return Found(model, put(_reading(model, tail), *params))


class Found(Generic[M]):
    """Rows that were asked for; reading them sends the queue."""

    def __init__(self, model: type[M], answer: Answer) -> None:
        self._model, self._answer = model, answer

    def all(self) -> list[M]:
        """Every row, as an instance of its model."""
        columns = _loaders(self._model)
        names = [name for name, _ in columns]
        return [
            self._model.from_db(
                connection.alias,
                names,
                [
                    value if value is None or load is None else load(value)
                    for value, (_, load) in zip(row, columns, strict=True)
                ],
            )
            for row in self._answer.rows()
        ]

    def first(self) -> M | None:
        """The first row, if there is one."""
        return next(iter(self.all()), None)

    def one(self) -> M:
        """The only row; raises the model's DoesNotExist."""
        found = self.first()
        if found is None:
            raise cast("Any", self._model).DoesNotExist
        return found


@lru_cache(maxsize=128)
def _reading(model: type[models.Model], tail: str) -> bytes:
    columns = ", ".join(f'"{column.column}"' for column in model._meta.concrete_fields)
    return f'SELECT {columns} FROM "{model._meta.db_table}" {tail}'.encode()


@lru_cache(maxsize=128)
def _loaders(model: type[models.Model]) -> tuple[tuple[str, Callable[[str], Any] | None], ...]:
    """Of each column: the attribute, and how PostgreSQL's text becomes its value."""
    return tuple((column.attname, _loader(column)) for column in model._meta.concrete_fields)


def _loader(column: "models.Field[Any, Any]") -> Callable[[str], Any] | None:
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    if isinstance(target, models.JSONField):
        return orjson.loads
    from_database = getattr(target, "from_db_value", None)
    if from_database is not None:
        return lambda text: from_database(text, None, connection)
    return next((load for kind, load in _LOADERS.items() if isinstance(target, kind)), None)
