"""Writing rows without Django's compiler: one prepared statement per set of tables and columns, rows as one JSON array.

What a model's fields do to a value on its way to the database is kept (sealing, blind indexes, database defaults);
what `save()` does around it is not. Inserts that stand next to each other in the queue are one statement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, cast

import orjson
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from altis.store.pipeline import put, queue
from altis.store.statements import Answer, Refusals
from altis.store.wire import Sent

Reader = Callable[[Any], Any]


class Shape(NamedTuple):
    """A table and the columns that are written; the others get their defaults."""

    table: str
    columns: tuple[str, ...]


def insert(rows: Sequence[models.Model], *, refusals: Refusals | None = None) -> None:
    """Queue rows of one model, in their order; a conflict fails the transaction, as `refusals` say or as it is.

    Values that the database makes are not known afterwards.
    """
    if not rows:
        return
    shape, values = _plain(rows)
    here = queue()
    last = here.waiting[-1] if here.waiting else None
    if isinstance(last, _Inserts):
        last.add(shape, values, refusals or {})
    else:
        group = _Inserts(Answer(here.flush))
        group.add(shape, values, refusals or {})
        here.put(group)
    _written(rows)


def insert_unless_there(row: models.Model, *, check: Callable[[Answer], None]) -> None:
    """Queue a row that is left out when a unique key is taken; waits for whoever is about to take it.

    `check` hears the answer, whose count is 1 or 0.
    """
    shape, values = _plain([row])
    put(_unless_there(shape), orjson.dumps(values), check=check)
    _written([row])


@lru_cache(maxsize=128)
def fields_of(model: type[models.Model]) -> tuple[tuple[str, str, Reader | None], ...]:
    """Of each column: its name, the attribute, and how the value is made plain (None: it is so already)."""
    concrete = model._meta.concrete_fields
    return tuple((str(each.column), each.attname, _reader(each)) for each in concrete)


def plain_value(model: type[models.Model], name: str, value: Any) -> Any:
    """A value of one column as a parameter of a statement; raises TypeError for an expression."""
    column = cast("models.Field[Any, Any]", model._meta.get_field(name))
    if hasattr(value, "resolve_expression") or _reader(column) is not None:
        raise TypeError(f"{model.__name__}.{name} cannot be written in this way")
    return orjson.dumps(value) if isinstance(column, models.JSONField) else value


@dataclass(slots=True)
class _Inserts:
    """Inserts that are one statement."""

    answer: Answer
    check: None = None
    refusals: dict[str, Callable[[], Exception]] = field(default_factory=dict)
    rows: dict[Shape, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, shape: Shape, values: list[dict[str, Any]], refusals: Refusals) -> None:
        """More rows; those of one table stay in their order."""
        self.rows.setdefault(shape, []).extend(values)
        self.refusals.update(refusals)

    def sent(self) -> Sent:
        """One INSERT per table, all in one statement."""
        return Sent(_inserting(tuple(self.rows)), [orjson.dumps(values) for values in self.rows.values()])


@lru_cache(maxsize=256)
def _inserting(shapes: tuple[Shape, ...]) -> bytes:
    parts = [f"i{number} AS ({_into(shape, number)})" for number, shape in enumerate(shapes, 1)]
    return f"WITH {', '.join(parts)} SELECT".encode()


@lru_cache(maxsize=16)
def _unless_there(shape: Shape) -> bytes:
    return f"{_into(shape, 1)} ON CONFLICT DO NOTHING".encode()


def _into(shape: Shape, parameter: int) -> str:
    columns = ", ".join(f'"{column}"' for column in shape.columns)
    rows = f'json_populate_recordset(NULL::"{shape.table}", ${parameter}::json)'
    return f'INSERT INTO "{shape.table}" ({columns}) SELECT {columns} FROM {rows}'


def _plain(rows: Sequence[models.Model]) -> tuple[Shape, list[dict[str, Any]]]:
    model = type(rows[0])
    values = [_values(row, fields_of(model)) for row in rows]
    columns = tuple(values[0])
    if any(tuple(each) != columns for each in values):
        raise ValueError(f"rows of {model.__name__} that are written together have the same columns")
    return Shape(model._meta.db_table, columns), values


def _values(row: models.Model, fields: Sequence[tuple[str, str, Reader | None]]) -> dict[str, Any]:
    values = {}
    for column, attribute, read in fields:
        value = row.__dict__.get(attribute) if read is None else read(row)
        if isinstance(value, DatabaseDefault) or (value is None and column == row._meta.pk.column):
            continue
        values[column] = value
    return values


def _reader(column: "models.Field[Any, Any]") -> Reader | None:
    if isinstance(column, models.BinaryField):
        return lambda row: "\\x" + bytes(getattr(row, column.attname)).hex()
    if type(column).pre_save is models.Field.pre_save:
        return None
    if isinstance(column, models.DateTimeField):
        return None if not (column.auto_now or column.auto_now_add) else _made(column)
    return _made(column)


def _made(column: "models.Field[Any, Any]") -> Reader:
    return lambda row: column.get_prep_value(column.pre_save(row, True))


def _written(rows: Sequence[models.Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
