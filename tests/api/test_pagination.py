"""Cursor paging: every row once, whatever is inserted meanwhile."""

import base64
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from altis.api.pagination import InvalidCursor, page
from altis.store.models import OutboxEvent
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db
KEY = ("-created_at", "-position")


def make(count: int, *, topic: str = "t") -> None:
    OutboxEvent.objects.bulk_create(
        OutboxEvent(topic=topic, type="x", subject=f"s{number}-{OutboxEvent.objects.count()}", sequence=1)
        for number in range(count)
    )


def walk(limit: int, *, key: tuple[str, ...] = KEY, between: Any = None) -> list[int]:
    seen: list[int] = []
    after = ""
    while True:
        found = page(
            OutboxEvent.objects.all(), key=key, limit=limit, after=after, present=lambda row: {"at": row.position}
        )
        seen += [row["at"] for row in found["data"]]
        after = found["next"]
        if after is None:
            return seen
        if between:
            between()


@pytest.mark.parametrize("limit", [1, 3, 7, 8, 200])
@pytest.mark.parametrize("key", [KEY, ("position",), ("topic", "-position"), ("-topic", "created_at", "position")])
def test_every_row_is_seen_once_in_order(limit: int, key: tuple[str, ...]) -> None:
    make(4, topic="a")
    make(3, topic="b")

    seen = walk(limit, key=key)

    assert seen == list(OutboxEvent.objects.order_by(*key).values_list("position", flat=True))


def test_rows_inserted_meanwhile_shift_nothing() -> None:
    make(7)
    before = list(OutboxEvent.objects.order_by(*KEY).values_list("position", flat=True))

    assert walk(2, between=lambda: make(3)) == before


def test_a_page_costs_one_statement_and_the_last_says_so() -> None:
    make(2)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = page(OutboxEvent.objects.all(), key=KEY, limit=2, after="", present=lambda row: {"id": row.id})

    assert (len(queries), len(found["data"]), found["next"]) == (1, 2, None)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "!!!",
        "a b",
        "é",
        cursor("{}"),
        cursor("[]"),
        cursor('["2026-12-01T00:00:00+00:00"]'),
        cursor('["2026-12-01T00:00:00+00:00", 1]'),
        cursor('["2026-12-01T00:00:00+00:00", "x"]'),
        cursor('["2026-12-01T00:00:00+00:00", "1", "2"]'),
        cursor('["2026-12-01T00:00:00", "1"]'),
        cursor('["2026-13-01T00:00:00Z", "1"]'),
        cursor('["", "1"]'),
        cursor('["2026-12-01T00:00:00+00:00", "\\u0000"]'),
        cursor("[" * 300),
        cursor("nonsense"),
    ],
)
def test_what_no_page_has_given_is_refused(after: str) -> None:
    with pytest.raises(InvalidCursor) as refused:
        page(OutboxEvent.objects.all(), key=KEY, limit=2, after=after, present=lambda row: {})

    assert [fault.pointer for fault in refused.value.faults] == ["/after"]


def test_a_number_no_column_holds_is_the_end(anyone: Caller) -> None:
    make(1)
    after = cursor('["2026-12-01T00:00:00+00:00", "' + "9" * 40 + '"]')

    assert anyone.get(f"/v1/events?after={after}").status_code == 200


def test_pages_are_served(anyone: Caller) -> None:
    make(3)

    first = anyone.get("/v1/events?limit=2").json()
    second = anyone.get(f"/v1/events?limit=2&after={first['next']}").json()

    assert (len(first["data"]), len(second["data"]), second["next"]) == (2, 1, None)
