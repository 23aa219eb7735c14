"""Reading an event: everything that is not one is told, and nothing else is raised."""

from datetime import UTC, datetime
from itertools import count

import pytest

from altis.insight.projections.facts import Unreadable, instant, read
from tests.insight.projections.events import order, raw


def test_an_event_is_read_with_its_own_time() -> None:
    told = order("paid", 3, at=datetime(2026, 12, 1, 23, 59, 59, 999_900, tzinfo=UTC))

    fact = read(told.value(), topic="altis.orders")

    assert (fact.id, fact.type, fact.subject, fact.sequence) == (told.id, "altis.order.paid", told.subject, 3)
    assert fact.at == datetime(2026, 12, 1, 23, 59, 59, 999_000, tzinfo=UTC)
    assert fact.day.isoformat() == "2026-12-01"
    assert fact.data == told.data


def test_a_day_is_one_of_utc() -> None:
    assert read(raw(time="2026-12-01T23:30:00-02:00"), topic="t").day.isoformat() == "2026-12-02"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),
        (b"", "empty"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'"\\ud800"', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not an object"),
        (b"{}", "no data"),
        (raw(data=[]), "no data"),
        (raw(id=None), "no id"),
        (raw(id=7), "no id"),
        (raw(id="x" * 65), "no id"),
        (raw(id="\x00"), "no id"),
        (raw(type=""), "no type"),
        (raw(subject=None), "no subject"),
        (raw(sequence=None), "no sequence"),
        (raw(sequence="3"), "no sequence"),
        (raw(sequence=True), "no sequence"),
        (raw(sequence=-1), "no sequence"),
        (raw(sequence=2**63), "no sequence"),
        (raw(time=None), "no time"),
        (raw(time="yesterday"), "no time"),
        (raw(time="2026-12-01T12:00:00"), "no time"),
        (raw(time="0001-01-01T00:00:00+14:00"), "no time"),
        (b'{"data": {}}' + b" " * 4 * 1024 * 1024, "too large"),
    ],
    ids=count(),
)
def test_what_is_no_event_is_told_why(value: bytes | None, reason: str) -> None:
    with pytest.raises(Unreadable, match=f"^{reason}$"):
        read(value, topic="altis.orders")


def test_an_instant_is_read_to_the_millisecond() -> None:
    assert instant("2026-12-01T12:00:00.123456Z") == datetime(2026, 12, 1, 12, 0, 0, 123_000, tzinfo=UTC)
