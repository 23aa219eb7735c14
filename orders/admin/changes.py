"""What happened to an order, in words: its events one by one, and what is different between two moments."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orders.admin.parts import local, words
from orders.history import Difference, Part, Standing, difference, standings
from orders.lookback import standing_after
from orders.models import OrderEvent

# Moments are shown in whole milliseconds, so one that was shown stands for its whole millisecond.
_SHOWN = timedelta(milliseconds=1)
_NAMES = {
    "status": "Status",
    "total": "Total",
    "expires_at": "Pay until",
    "items": "Item",
    "slices": "Flight",
    "payments": "Payment",
    "refunds": "Refund",
    "documents": "Document",
}
_MANY = {"items": "items", "documents": "documents"}


class Change(NamedTuple):
    """One line: what changed, from what, to what; a dash is nothing."""

    what: str
    before: str
    after: str


class Happened(NamedTuple):
    """An event, and what it changed."""

    event: OrderEvent
    changes: list[Change]


def timeline(events: Sequence[OrderEvent]) -> list[Happened]:
    """Every event, oldest first, with what it changed; the first one says what the order began as."""
    told: list[Happened] = []
    before: Standing | None = None
    for event, after in zip(events, standings(events), strict=True):
        told.append(Happened(event, changes(before, after)))
        before = after
    return told


def stood_at(events: Iterable[OrderEvent], moment: datetime) -> Standing | None:
    """The order as it stood at a moment; None before it began."""
    happened = [event for event in events if event.at < moment + _SHOWN]
    return standing_after(happened) if happened else None


def changes(before: Standing | None, after: Standing) -> list[Change]:
    """What is different, one line for each thing; of items and documents one line for all that changed alike."""
    found = difference(before, after) if before is not None else _from_nothing(after)
    single = [_line(each) for each in found if each.part not in _MANY]
    return single + [line for part in _MANY for line in _together(part, [each for each in found if each.part == part])]


def value(part: str, told: Any) -> str:
    """A value of a part of an order as one line of text; a dash for none."""
    if told is None:
        return "–"
    if part in ("payments", "refunds"):
        return f"{_money(told['amount'])}, {words(told['status']).lower()}"
    if part == "total":
        return _money(told)
    if part == "expires_at":
        return f"{str(told)[:19].replace('T', ' ')}"
    if part == "slices":
        flight = f"{told['carrier']} {told['flight_number']} {told['origin']}–{told['destination']}"
        return f"{flight}, {local(told['departing_at_local'])}"
    return words(str(told))


def _from_nothing(after: Standing) -> list[Difference]:
    singles = [Difference(name, "", None, getattr(after, name)) for name in ("status", "total", "expires_at")]
    many = [Difference(part, str(told["id"]), None, told) for part in _MANY for told in getattr(after, part)]
    return [each for each in singles if each.after is not None] + many


def _line(found: Difference) -> Change:
    return Change(_NAMES[found.part], value(found.part, found.before), value(found.part, found.after))


def _together(part: str, found: Sequence[Difference]) -> list[Change]:
    alike = Counter((_short(part, each.before), _short(part, each.after)) for each in found)
    first = {
        (_short(part, each.before), _short(part, each.after)): each.after or each.before for each in reversed(found)
    }
    return [
        Change(f"{count} {_MANY[part]}" if count > 1 else _one(part, first[pair]), *pair)
        for pair, count in alike.items()
    ]


def _one(part: str, told: Part) -> str:
    return str(told.get("name") or _NAMES[part])


def _short(part: str, told: Part | None) -> str:
    if told is None:
        return "–"
    return words(str(told["status"] if part == "items" else told["type"]))


def _money(told: Part) -> str:
    return f"{told['amount']} {told['currency']}"
