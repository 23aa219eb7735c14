"""An order as it stood, made of its events alone; and what is different between two instants. Pure.

Each event keeps what the order was afterwards, as far as the event changed it: the first one everything, a move the
money, a change what it is about. What an item is follows from the moves. Events written before they kept that much
leave gaps, which `Standing.unknown` names.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Protocol

from altis.shared.clock import iso
from orders.lifecycle import ITEM, OrderChange, OrderStatus, item_after

Part = dict[str, Any]
# What an event may keep of an order, beside its money.
_KEPT: Final[tuple[str, ...]] = ("items", "slices", "total", "expires_at", "documents")
_ISSUED: Final = (OrderStatus.FULFILLED, OrderStatus.ARCHIVED)


class Told(Protocol):
    """A row of an order's history."""

    sequence: int
    from_status: str | None
    to_status: str
    actor: str
    reason: str
    change: str
    at: datetime
    snapshot: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """An order as it stood after one of its events. `unknown` names the parts that its events did not keep.

    Items, payments, refunds and documents are JSON objects, each with its `id`; amounts are `{"amount", "currency"}`.
    """

    sequence: int
    at: datetime
    status: str
    actor: str
    reason: str
    change: str = ""
    total: Part | None = None
    expires_at: str | None = None
    items: tuple[Part, ...] = ()
    slices: tuple[Part, ...] = ()
    documents: tuple[Part, ...] = ()
    payments: tuple[Part, ...] = ()
    refunds: tuple[Part, ...] = ()
    unknown: frozenset[str] = field(default=frozenset(_KEPT))

    @property
    def complete(self) -> bool:
        """Whether the events tell everything."""
        return not self.unknown


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: `part` (`status`, `items`, …), the id of the thing, and its two values.

    None stands for what was not there before, or is not any more.
    """

    part: str
    id: str
    before: Any
    after: Any


def snapshot(order: Any, *, came_from: str | None, kept: Mapping[str, Sequence[Any]]) -> Part:
    """What the history row of a move or change keeps of an order as it is now; `kept` are its parts, if at hand."""
    told: Part = {"payments": order.payments, "refunds": order.refunds}
    began, change = came_from is None, order.change
    if (began or change == OrderChange.REBOOKED) and "items" in kept:
        told["items"] = [item_part(item) for item in kept["items"]]
        told["slices"] = order.slices
    if began:
        told["total"] = order.total.as_json()
    if (began or change == OrderChange.EXTENDED) and isinstance(order.expires_at, datetime):
        told["expires_at"] = iso(order.expires_at)
    issued = order.status == OrderStatus.FULFILLED and came_from == OrderStatus.PAID
    if (issued or change in (OrderChange.REBOOKED, OrderChange.REISSUED)) and "documents" in kept:
        told["documents"] = [document_part(document) for document in kept["documents"]]
    return told


def item_part(item: Any) -> Part:
    """What is kept of an item: no personal data."""
    return {
        "id": item.pk,
        "type": item.type,
        "name": item.name,
        "status": item.status or str(ITEM.start),  # told with the order, a moment before the items begin
        "quantity": item.quantity,
        "total": item.total.as_json(),
        "segment": item.segment,
        "flight_id": item.flight_id,
        "cabin": item.cabin,
        "passenger_id": item.passenger_id,
        "seat": item.seat,
    }


def document_part(document: Any) -> Part:
    """What is kept of a document: not its barcode."""
    return {
        "id": document.pk,
        "type": document.type,
        "passenger_id": document.passenger_id,
        "item_id": document.item_id,
    }


def standings(events: Iterable[Told]) -> Iterator[Standing]:
    """The order after each of its events, which come oldest first from its beginning."""
    found: Standing | None = None
    for event in events:
        found = _after(found, event)
        yield found


def standing(events: Iterable[Told]) -> Standing:
    """The order after the last of these events, of which there is at least one; raises ValueError."""
    last = deque(standings(events), maxlen=1)
    if not last:
        raise ValueError("an order begins with its first event")
    return last[0]


def _after(before: Standing | None, event: Told) -> Standing:
    told, unknown = event.snapshot, set(_KEPT) if before is None else set(before.unknown)
    now = Standing(
        sequence=event.sequence,
        at=event.at,
        status=event.to_status,
        actor=event.actor,
        reason=event.reason,
        change=event.change,
        payments=tuple(told.get("payments", ())),
        refunds=tuple(told.get("refunds", ())),
    )
    if before is not None:
        now = replace(now, **{str(name): getattr(before, name) for name in _KEPT})
    if event.to_status not in _ISSUED:
        now, unknown = replace(now, documents=()), unknown - {"documents"}
    elif event.from_status not in (*_ISSUED, None) and "documents" not in told:
        unknown.add("documents")  # an older row: issued, and not written down
    kept = _parts(told)
    now, unknown = replace(now, **kept), unknown - kept.keys()
    if not event.change and "items" not in told:
        now = replace(now, items=_moved(now.items, event))
    return replace(now, unknown=frozenset(unknown))


def _parts(told: Part) -> dict[str, Any]:
    """What a row keeps beside the money, as a `Standing` has it."""
    return {name: tuple(told[name]) if isinstance(told[name], list) else told[name] for name in _KEPT if name in told}


def _moved(items: Sequence[Part], event: Told) -> tuple[Part, ...]:
    return tuple(
        {**item, "status": str(item_after(item["status"], came_from=event.from_status, to=event.to_status))}
        for item in items
    )


def difference(before: Standing, after: Standing) -> list[Difference]:
    """What is not the same: status, total, deadline, then items, flights, payments, refunds and documents by id."""
    found = [
        Difference(name, "", getattr(before, name), getattr(after, name))
        for name in ("status", "total", "expires_at")
        if getattr(before, name) != getattr(after, name)
    ]
    for name in ("items", "slices", "payments", "refunds", "documents"):
        old, new = _by_id(name, getattr(before, name)), _by_id(name, getattr(after, name))
        found += [
            Difference(name, id, old.get(id), new.get(id))
            for id in dict.fromkeys((*old, *new))
            if old.get(id) != new.get(id)
        ]
    return found


def _by_id(name: str, parts: Sequence[Part]) -> dict[str, Part]:
    """Parts by their id; of the trip, each segment by that of its flight."""
    if name != "slices":
        return {str(part["id"]): part for part in parts}
    return {str(segment["flight_id"]): segment for part in parts for segment in part["segments"]}
