"""A small true history, call by call, for tests that plant lies in it."""

from dataclasses import replace
from typing import Any

from bench.torture.books import Books, OrderRow
from bench.torture.history import Call, outcome_of
from bench.torture.judge import judge

ADA, ALAN = "usr_ada", "usr_alan"
CABIN = "flt_1 economy"
_MEDIA = {True: "application/problem+json", False: "application/json"}
_PAID = ("SUCCEEDED",)


def call(op: str, at: float, status: int, **more: Any) -> Call:
    """A request of one tenth of a second by Ada, under a key of its own."""
    offer, order = more.get("offer", ""), more.get("order", "")
    path = f"/v1/orders/{order}/{op}" if op in {"pay", "cancel", "read"} else f"/v1/offers/{offer}/{op}"
    code = more.pop("code", "unavailable" if status == 503 else "refused" if status >= 400 else "")
    told: dict[str, Any] = {
        "customer": "c0",
        "owner": ADA,
        "op": op,
        "method": "GET" if op == "read" else "POST",
        "path": path,
        "key": f"{op}-{at}",
        "body": "b0d1",
        "begun": at,
        "ended": at + 0.1,
        "status": status,
        "code": code,
        "media": _MEDIA[status >= 400] if status else "",
        "sha": f"{op}-{at}",
        "outcome": outcome_of(status, code),
    }
    return Call(**{**told, **more})


def accept(number: int, at: float, status: int = 201, **more: Any) -> Call:
    """Offer `number` becomes order `number`, one seat."""
    won: dict[str, Any] = {
        "order": f"ord_{number}",
        "state": "PROPOSED",
        "version": 1,
        "total": "100.00 USD",
        "units": {CABIN: 1},
    }
    return call("accept", at, status, **{"offer": f"off_{number}", **(won if status == 201 else {}), **more})


def pay(number: int, at: float, status: int = 200, **more: Any) -> Call:
    """Order `number` is paid."""
    won = {"state": "FULFILLED", "version": 4, "offer": f"off_{number}"} if status == 200 else {}
    return call("pay", at, status, **{"order": f"ord_{number}", **won, **more})


def cancel(number: int, at: float, status: int = 200, **more: Any) -> Call:
    """Order `number` is given up."""
    won = {"state": "CANCELLED", "version": 2, "offer": f"off_{number}"} if status == 200 else {}
    return call("cancel", at, status, **{"order": f"ord_{number}", **won, **more})


def look(number: int, at: float, state: str, version: int) -> Call:
    """Order `number` is read."""
    return call("read", at, 200, order=f"ord_{number}", key="", state=state, version=version)


def row(number: int, status: str, *moves: tuple[str, str], **more: Any) -> OrderRow:
    """Order `number` in the books."""
    told: dict[str, Any] = {"id": f"ord_{number}", "offer": f"off_{number}", "owner": ADA, "total": "100.00 USD"}
    return OrderRow(**{**told, "status": status, "moves": moves or ((status, "any"),), **more})


def true_story() -> list[Call]:
    """1 is paid after a 503, 2 is cancelled, 3 is sold out, 4 is rejected, 5 is paid and nobody heard of it."""
    return [
        accept(1, 1.0),
        pay(1, 2.0, 503, key="click"),
        pay(1, 3.0, key="click", sha="paid"),
        pay(1, 4.0, key="click", sha="paid", replayed=True),
        look(1, 5.0, "FULFILLED", 4),
        accept(2, 1.0),
        cancel(2, 2.0),
        pay(2, 3.0, 409, code="order_not_payable"),
        accept(3, 1.0, 409, code="sold_out"),
        call("reject", 1.0, 200, offer="off_4", state="CANCELLED"),
        accept(4, 2.0, 409, code="offer_cancelled"),
        accept(5, 1.0),
        pay(5, 2.0, 0, error="ReadTimeout"),
    ]


def true_books() -> Books:
    """What is left of it."""
    orders = [
        row(1, "FULFILLED", payments=_PAID),
        row(2, "CANCELLED", ("PROPOSED", "offer_accepted"), ("CANCELLED", "customer_cancelled")),
        row(5, "FULFILLED", payments=_PAID),
    ]
    offers = {"off_1": "ACCEPTED", "off_2": "ACCEPTED", "off_4": "CANCELLED", "off_5": "ACCEPTED"}
    return Books({order.id: order for order in orders}, offers, {CABIN: 3})


def with_order(order: OrderRow) -> Books:
    """The true books with one order replaced or added."""
    books = true_books()
    return replace(books, orders={**books.orders, order.id: order}, offers={**books.offers, order.offer: "ACCEPTED"})


def broken(calls: list[Call], books: Books | None = None, **more: Any) -> dict[str, list[str]]:
    """What the judge finds: rule to the texts of its violations."""
    verdicts = judge(sorted(calls, key=lambda each: each.begun), books or true_books(), **more)
    return {verdict.number: [each.text for each in verdict.violations] for verdict in verdicts if not verdict.holds}
