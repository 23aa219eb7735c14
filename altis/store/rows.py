"""Writing rows without Django's compiler: one prepared statement per set of tables and columns.

What a model's fields do to a value on its way to the database is kept (sealing, blind indexes, database defaults);
what `save()` does around it is not. Inserts that stand next to each other in the queue are one statement. A few rows
are parameters one by one, which costs PostgreSQL the least; many are one JSON array a table, so that the number of
rows makes no statement of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, cast

import orjson
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from altis.store.pipeline import put, queue
from altis.store.statements import Answer, Refusals, as_text
from altis.store.wire import Sent

Reader = Callable[[Any], Any]
# Of each table, in a statement whose rows are parameters: an order of a few travellers with its items. Every number
# of rows below it is one statement more that each connection may have to prepare.
_FEW = 4


class Shape(NamedTuple):
    """A table and the columns that are written, and those of them that hold JSON; the others get their defaults."""

    table: str
    columns: tuple[str, ...]
    documents: frozenset[str] = frozenset()


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
    put(_unless_there(shape), *_parameters(shape, values), check=check)
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
        counts = [len(values) for values in self.rows.values()]
        if max(counts) > _FEW:
            return Sent(_inserting_many(tuple(self.rows)), [orjson.dumps(values) for values in self.rows.values()])
        params = [param for shape, values in self.rows.items() for param in _parameters(shape, values)]
        return Sent(_inserting_few(tuple(zip(self.rows, counts, strict=True))), params)


@lru_cache(maxsize=256)
def _inserting_many(shapes: tuple[Shape, ...]) -> bytes:
    return _all_of([_recordset(shape, number) for number, shape in enumerate(shapes, 1)])


@lru_cache(maxsize=1024)
def _inserting_few(counted: tuple[tuple[Shape, int], ...]) -> bytes:
    first, parts = 1, []
    for shape, rows in counted:
        parts.append(_values_of(shape, rows, first))
        first += rows * len(shape.columns)
    return _all_of(parts)


@lru_cache(maxsize=16)
def _unless_there(shape: Shape) -> bytes:
    return f"{_values_of(shape, 1, 1)} ON CONFLICT DO NOTHING".encode()


def _all_of(inserts: Sequence[str]) -> bytes:
    parts = [f"i{number} AS ({insert})" for number, insert in enumerate(inserts, 1)]
    return f"WITH {', '.join(parts)} SELECT".encode()


def _into(shape: Shape) -> tuple[str, str]:
    columns = ", ".join(f'"{column}"' for column in shape.columns)
    return columns, f'INSERT INTO "{shape.table}" ({columns})'


def _recordset(shape: Shape, parameter: int) -> str:
    columns, into = _into(shape)
    return f'{into} SELECT {columns} FROM json_populate_recordset(NULL::"{shape.table}", ${parameter}::json)'


def _values_of(shape: Shape, rows: int, first: int) -> str:
    width = len(shape.columns)
    starts = range(first, first + rows * width, width)
    tuples = (", ".join(f"${number}" for number in range(start, start + width)) for start in starts)
    return f"{_into(shape)[1]} VALUES {', '.join(f'({each})' for each in tuples)}"


def _parameters(shape: Shape, values: Sequence[dict[str, Any]]) -> list[bytes | None]:
    documents = shape.documents
    return [
        orjson.dumps(value) if column in documents and value is not None else as_text(value)
        for row in values
        for column, value in row.items()
    ]


def _plain(rows: Sequence[models.Model]) -> tuple[Shape, list[dict[str, Any]]]:
    model = type(rows[0])
    values = [_values(row, fields_of(model)) for row in rows]
    columns = tuple(values[0])
    if any(tuple(each) != columns for each in values):
        raise ValueError(f"rows of {model.__name__} that are written together have the same columns")
    return Shape(model._meta.db_table, columns, _documents(model)), values


@lru_cache(maxsize=128)
def _documents(model: type[models.Model]) -> frozenset[str]:
    return frozenset(str(c.column) for c in model._meta.concrete_fields if isinstance(c, models.JSONField))


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
