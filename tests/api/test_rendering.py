"""JSON out: what our values look like, and that nothing else has a form."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from altis.api.rendering import JSONRenderer, to_json
from altis.shared.money import Money

CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(65500, "USD"), b'{"amount":"655.00","currency":"USD"}'),
        (Money(655, "JPY"), b'{"amount":"655","currency":"JPY"}'),
        (datetime(2026, 12, 1, 10, 30, 0, 1999, CET), b'"2026-12-01T09:30:00.001Z"'),
        (datetime(2026, 12, 1, tzinfo=UTC), b'"2026-12-01T00:00:00.000Z"'),
        (date(2026, 12, 1), b'"2026-12-01"'),
        (Decimal("1E+2"), b'"100"'),
        ("Zoë", '"Zoë"'.encode()),
        (None, b"null"),
    ],
)
def test_values_have_one_form(value: Any, text: bytes) -> None:
    assert to_json(value) == text


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", {1: "a"}])
def test_what_has_no_form_is_a_bug(value: Any) -> None:
    with pytest.raises(TypeError):
        to_json(value)


def test_a_reply_without_data_has_no_body() -> None:
    assert JSONRenderer().render(None) == b""
