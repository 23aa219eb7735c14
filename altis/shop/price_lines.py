"""Why something costs what it costs: one line for each thing, and what it consists of. Pure."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

_DEMAND: Final = re.compile(r"demand x([0-9]+(?:\.[0-9]+)?)")
_ENDS: Final = re.compile(r"\b([A-Z]{3})-([A-Z]{3})\b")
_PLAIN: Final = {
    "base fare": "Base fare",
    "base price": "Price on its own",
    "infant 10 % of the fare": "Infant: a tenth of it",
}


def lines_of(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was bought, alike things on one line. A line's parts add up to the price of one, the totals to the whole.

    `items` are those of an offer or an order in the shape of the REST contract.
    """
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in items:
        parts = [{"label": _label(part["label"]), "amount": part["amount"]} for part in item["price_explanation"]]
        alike = (item["name"], item["unit_price"]["amount"], *(tuple(part.values()) for part in parts))
        line = lines.setdefault(alike, {**item, "name": _name(item["name"]), "parts": parts, "quantity": 0, "sum": 0})
        line["quantity"] += item["quantity"]
        line["sum"] += Decimal(item["total"]["amount"])
    return [{**line, "total": {**line["total"], "amount": str(line["sum"])}} for line in lines.values()]


def _name(name: str) -> str:
    return _ENDS.sub(r"\1 to \2", name)


def _label(label: str) -> str:
    demand = _DEMAND.fullmatch(label)
    if demand:
        return f"Demand × {float(demand[1]):.2f}, by how full the cabin is"
    return _PLAIN.get(label, label)
