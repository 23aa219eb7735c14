"""Instants as the contract writes them."""

from datetime import UTC, datetime, timedelta, timezone

import time_machine

from altis.shared.clock import iso, now


def test_instants_are_written_in_utc_with_milliseconds() -> None:
    east = timezone(timedelta(hours=5, minutes=30))

    assert iso(datetime(2026, 12, 1, 15, 0, 0, 999_999, tzinfo=east)) == "2026-12-01T09:30:00.999Z"


@time_machine.travel(datetime(2026, 12, 1, 9, 30, tzinfo=UTC), tick=False)
def test_now_is_aware_and_in_utc() -> None:
    assert now() == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    assert now().tzinfo is UTC
