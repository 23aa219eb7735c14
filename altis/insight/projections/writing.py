"""Changes become rows: one statement a table, rows always locked in the same order, in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import Model

from altis.insight.models import (
    DailyAcceptance,
    DailyOrders,
    DailyProductSales,
    DailySales,
    InventoryLoad,
    OrdersByStatus,
    RefundedPayment,
)
from altis.insight.projections.changes import Add, Change, Load, RefundPart
from altis.insight.routing import ANALYTICS


@dataclass(frozen=True, slots=True)
class _Counters:
    """A table of counters: its key columns, the columns that are added to, and their types in PostgreSQL."""

    model: type[Model]
    key: Mapping[str, str]
    amounts: Mapping[str, str]


_DAY = {"day": "date"}
_DAY_AND_CURRENCY = {"day": "date", "currency": "text"}
_TABLES: Mapping[str, _Counters] = {
    "sales": _Counters(
        DailySales,
        _DAY_AND_CURRENCY,
        dict.fromkeys(("orders", "amount_minor", "refunds", "refunded_minor"), "bigint"),
    ),
    "product_sales": _Counters(
        DailyProductSales,
        {**_DAY_AND_CURRENCY, "product_type": "text"},
        dict.fromkeys(("units", "amount_minor"), "bigint"),
    ),
    "orders": _Counters(
        DailyOrders,
        _DAY,
        dict.fromkeys(
            ("placed", "paid", "cancelled_by_customer", "cancelled_by_staff", "declined", "expired", "changed"),
            "bigint",
        ),
    ),
    "standing": _Counters(OrdersByStatus, {"status": "text"}, {"orders": "bigint"}),
    "acceptance": _Counters(DailyAcceptance, _DAY, dict.fromkeys(("searches", "accepted"), "numeric")),
}
_LOAD = """
INSERT INTO {table} AS known
       (inventory_id, flight_id, cabin, product_id, capacity, held, sold, version, changed_at)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[], %s::bigint[],
                     %s::timestamptz[])
ON CONFLICT (inventory_id) DO UPDATE SET flight_id = EXCLUDED.flight_id, cabin = EXCLUDED.cabin,
       product_id = EXCLUDED.product_id, capacity = EXCLUDED.capacity, held = EXCLUDED.held, sold = EXCLUDED.sold,
       version = EXCLUDED.version, changed_at = EXCLUDED.changed_at
 WHERE known.version < EXCLUDED.version
"""
_REFUND = """
INSERT INTO {table} AS known (payment_id, was_sale, day, currency, amount_minor)
SELECT * FROM unnest(%s::text[], %s::bool[], %s::date[], %s::text[], %s::bigint[])
ON CONFLICT (payment_id) DO UPDATE SET was_sale = coalesce(EXCLUDED.was_sale, known.was_sale),
       day = coalesce(EXCLUDED.day, known.day), currency = coalesce(EXCLUDED.currency, known.currency),
       amount_minor = coalesce(EXCLUDED.amount_minor, known.amount_minor)
RETURNING was_sale, day, currency, amount_minor
"""


def write(changes: Sequence[Change]) -> None:
    """Write all changes of one batch."""
    _keep_newest([change for change in changes if isinstance(change, Load)])
    completed = _join([change for change in changes if isinstance(change, RefundPart)])
    additions = [change for change in changes if isinstance(change, Add)] + completed
    for name, table in _TABLES.items():
        _add(table, [addition for addition in additions if addition.table == name])


def _add(table: _Counters, additions: Iterable[Add]) -> None:
    sums: dict[tuple[Any, ...], dict[str, int | Decimal]] = {}
    for addition in additions:
        row = sums.setdefault(addition.key, dict.fromkeys(table.amounts, 0))
        for column, amount in addition.amounts.items():
            row[column] += amount
    if not sums:
        return
    rows = [(*key, *sums[key].values()) for key in sorted(sums)]
    columns = [*table.key, *table.amounts]
    types = {**table.key, **table.amounts}
    name = table.model._meta.db_table
    _execute(
        f"INSERT INTO {name} AS known ({', '.join(columns)})"
        f" SELECT * FROM unnest({', '.join(f'%s::{types[column]}[]' for column in columns)})"
        f" ON CONFLICT ({', '.join(table.key)}) DO UPDATE"
        f" SET {', '.join(f'{column} = known.{column} + EXCLUDED.{column}' for column in table.amounts)}",
        rows,
    )


def _keep_newest(loads: Iterable[Load]) -> None:
    newest: dict[str, Load] = {}
    for load in loads:
        known = newest.get(load.inventory_id)
        if known is None or known.version < load.version:
            newest[load.inventory_id] = load
    if newest:
        statement = _LOAD.format(table=InventoryLoad._meta.db_table)
        _execute(statement, [astuple(newest[id]) for id in sorted(newest)])


def _join(parts: Iterable[RefundPart]) -> list[Add]:
    """Put the halves together; a refund of a sale counts when its second half comes, on the day it went back."""
    merged: dict[str, list[Any]] = {}
    for part in parts:
        _, *told = astuple(part)
        row = merged.setdefault(part.payment_id, [None] * len(told))
        merged[part.payment_id] = [new if new is not None else old for new, old in zip(told, row, strict=True)]
    if not merged:
        return []
    statement = _REFUND.format(table=RefundedPayment._meta.db_table)
    rows = _execute(statement, [(id, *merged[id]) for id in sorted(merged)])
    return [
        Add("sales", (day, currency), {"refunds": 1, "refunded_minor": minor})
        for was_sale, day, currency, minor in rows
        if was_sale and day is not None
    ]


def _execute(statement: str, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with connections[ANALYTICS].cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        return cursor.fetchall() if cursor.description else []
