"""The gateway's statement: pages that together have everything, oldest first, and never a guess."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from altis.shared.money import Money
from payments.gateway import Entry, EntryKind
from payments.gateways.simulator import SimulatorGateway
from payments.simulator.reports import PAGE_SIZE, Cursor
from tests.payments.conftest import Connect
from tests.payments.simulators import RawServer, Simulator
from tests.payments.test_gateway_faults import http

ROW = {
    "kind": "capture",
    "id": "int_1",
    "intent_id": "int_1",
    "payment_id": "pay_1",
    "key": "",
    "amount": "655.00",
    "currency": "USD",
    "at": 1_700_000_000.25,
}


def _all(gateway: SimulatorGateway, **asked: Any) -> list[list[Entry]]:
    """The entries of every page."""
    pages, after = [], ""
    while page := gateway.statement(after=after, **asked):
        pages.append(list(page.entries))
        if not (after := page.next):
            return pages
    raise AssertionError("no readable page")


def test_captures_and_refunds_stand_in_the_order_in_which_they_happened(simulator: Simulator, connect: Connect) -> None:
    began = datetime.now(UTC) - timedelta(seconds=1)
    first, second = simulator.intent("pay_1"), simulator.intent("pay_2", "1000")
    simulator.confirm(first, "tok_visa")
    simulator.call(f"/intents/{first}/refunds", {"key": "ref_1", "amount": "655.00"})
    simulator.confirm(second, "tok_visa")
    simulator.confirm(simulator.intent("pay_3"), "tok_declined")

    page = connect(simulator.url).statement()

    assert page is not None
    assert [(each.kind, each.intent_id, each.payment_id, each.key, each.amount) for each in page.entries] == [
        (EntryKind.CAPTURE, first, "pay_1", "", Money(65_500, "USD")),
        (EntryKind.REFUND, first, "pay_1", "ref_1", Money(65_500, "USD")),
        (EntryKind.CAPTURE, second, "pay_2", "", Money(100_000, "USD")),
    ]
    assert began < page.entries[0].at <= page.entries[1].at <= page.entries[2].at <= page.told_at
    assert page.next == ""


def test_what_happened_before_is_left_out(simulator: Simulator, connect: Connect) -> None:
    for key in ("pay_1", "pay_2"):
        simulator.confirm(simulator.intent(key), "tok_visa")
    gateway = connect(simulator.url)
    [[_, second]] = _all(gateway)

    assert _all(gateway, since=second.at - timedelta(microseconds=1)) == [[second]]  # instants are rounded
    assert _all(gateway, since=second.at + timedelta(seconds=1)) == [[]]


def _captures(simulator: Simulator, count: int) -> None:
    with closing(sqlite3.connect(simulator.ledger)) as db, db:
        rows = [(f"int_{number:05}", f"pay_{number}", 1.5 + number // 3) for number in range(count)]
        db.executemany(
            "INSERT INTO intent VALUES (?, ?, '1.00', 'USD', 'succeeded', NULL, 0, NULL, 0)", [row[:2] for row in rows]
        )
        db.executemany("INSERT INTO capture VALUES (?, '1.00', 'USD', ?)", [(row[0], row[2]) for row in rows])


def test_a_long_ledger_comes_in_pages_that_share_and_miss_nothing(simulator: Simulator, connect: Connect) -> None:
    """Three captures at a time have the same instant, so pages end in the middle of one."""
    _captures(simulator, 2 * PAGE_SIZE + 2)

    pages = _all(connect(simulator.url))

    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 2]
    assert [each.id for page in pages for each in page] == [f"int_{number:05}" for number in range(2 * PAGE_SIZE + 2)]


def test_a_full_last_page_is_followed_by_an_empty_one(simulator: Simulator, connect: Connect) -> None:
    _captures(simulator, PAGE_SIZE)

    assert [len(page) for page in _all(connect(simulator.url))] == [PAGE_SIZE, 0]


@pytest.mark.parametrize("query", ["after=nonsense", "after=1.0", "since=yesterday", "after=x,int_1"])
def test_a_question_that_cannot_be_read_is_refused(simulator: Simulator, query: str) -> None:
    assert simulator.call(f"/ledger/entries?{query}") == (400, {"error": "malformed_request"})


def test_a_cursor_survives_being_written_down() -> None:
    cursor = Cursor(1_700_000_000.123456, "int_9f")

    assert Cursor.parse(str(cursor)) == cursor
    assert Cursor.parse("") == Cursor()


def _answer(**changes: object) -> bytes:
    return http(200, json.dumps({"entries": [ROW], "told_at": 1_700_000_000, "next": "", **changes}).encode())


def test_a_good_answer_is_read(serve: Callable[..., RawServer], connect: Connect) -> None:
    page = connect(serve(_answer()).url).statement()

    assert page is not None
    assert [each.at for each in page.entries] == [datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC)]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(500, b"{}"), id="500"),
        pytest.param(http(401, b'{"error": "invalid_api_key"}'), id="401"),
        pytest.param(http(404, b'{"error": "not_found"}'), id="a gateway without statements"),
        pytest.param(http(200, b"<html>"), id="not JSON"),
        pytest.param(_answer(entries={}), id="no list"),
        pytest.param(_answer(entries=[ROW, 7]), id="a line that is no object"),
        pytest.param(_answer(entries=[ROW, {**ROW, "amount": "x"}]), id="a line without an amount"),
        pytest.param(_answer(entries=[{**ROW, "kind": "gift"}]), id="a line of another kind"),
        pytest.param(_answer(entries=[{**ROW, "at": "now"}]), id="a line without an instant"),
        pytest.param(_answer(entries=[{**ROW, "at": 1e300}]), id="an instant beyond all calendars"),
        pytest.param(_answer(entries=[{**ROW, "id": ""}]), id="a line without an id"),
        pytest.param(_answer(told_at=None), id="no instant"),
        pytest.param(_answer(told_at=True), id="an instant of another type"),
        pytest.param(_answer(padding="x" * 2_000_000), id="2 MB"),
        pytest.param(b"", id="hangs up"),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_none(
    answer: bytes, serve: Callable[..., RawServer], connect: Connect
) -> None:
    assert connect(serve(answer).url).statement() is None
