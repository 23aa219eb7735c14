"""Reading whole rows with what waits in the queue: a prepared statement, and instances as Django would make them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

import orjson
from django.db import connection, models
from django.db.models.base import ModelState

from altis.store.pipeline import put
from altis.store.statements import Answer

M = TypeVar("M", bound=models.Model)
_LOADERS: Mapping[type[Any], Callable[[str], Any]] = {
    models.IntegerField: int,
    models.BooleanField: lambda text: text == "t",
    models.DateTimeField: datetime.fromisoformat,
    models.DecimalField: Decimal,
}


class _Plan(NamedTuple):
    """Attributes of all columns; by place, how PostgreSQL's text becomes a value; and which attributes want to be told
    when they are assigned: encrypted ones remember whose row they came from.
    """

    names: tuple[str, ...]
    loads: tuple[tuple[int, Callable[[str], Any]], ...]
    guarded: tuple[str, ...]


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
        """Every row, as an instance of its model: what `from_db` makes, for less."""
        plan, alias = _plan(self._model), connection.alias
        return [_instance(self._model, plan, alias, list(row)) for row in self._answer.rows()]

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


def _instance(model: type[M], plan: _Plan, alias: str, values: list[Any]) -> M:
    for place, load in plan.loads:
        if values[place] is not None:
            values[place] = load(values[place])
    instance = model.__new__(model)
    instance._state = ModelState()
    instance._state.adding, instance._state.db = False, alias
    kept = instance.__dict__
    kept.update(zip(plan.names, values, strict=True))
    for name in plan.guarded:
        setattr(instance, name, kept[name])
    return instance


@lru_cache(maxsize=128)
def _plan(model: type[models.Model]) -> _Plan:
    columns = model._meta.concrete_fields
    loads = ((place, _loader(column)) for place, column in enumerate(columns))
    return _Plan(
        names=tuple(column.attname for column in columns),
        loads=tuple((place, load) for place, load in loads if load is not None),
        guarded=tuple(c.attname for c in columns if hasattr(c.descriptor_class, "__set__") and not c.is_relation),
    )


def _loader(column: "models.Field[Any, Any]") -> Callable[[str], Any] | None:
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    if isinstance(target, models.JSONField):
        return orjson.loads
    from_database = getattr(target, "from_db_value", None)
    if from_database is not None:
        return lambda text: from_database(text, None, connection)
    return next((load for kind, load in _LOADERS.items() if isinstance(target, kind)), None)
