"""The application's wall clock. The deadlines of offers, orders and payments go by the database's clock instead."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def iso(instant: datetime) -> str:
    """ISO 8601 in UTC with `Z` and whole milliseconds: `2026-12-01T09:30:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"
