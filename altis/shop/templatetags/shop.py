"""Amounts, days and hours as people read them."""

from collections.abc import Mapping
from datetime import datetime

from django import template

register = template.Library()
_NO_BREAK = "\u00a0"
_MINUS = "\u2212"


@register.filter
def money(value: Mapping[str, str]) -> str:
    """`USD 1,234.50`, which no line ends within."""
    return f"{value['currency']}{_NO_BREAK}{_grouped(value['amount'])}"


@register.filter
def signed(amount: str) -> str:
    """`+100.00` or `−4.50`, for a part of a price."""
    return _grouped(amount) if amount.startswith("-") else f"+{_grouped(amount)}"


@register.filter
def day(local: str) -> str:
    """`Tue 1 Dec 2026` of a local time without offset, or of a date."""
    instant = datetime.fromisoformat(local)
    return f"{instant:%a} {instant.day} {instant:%b %Y}"


@register.filter
def hour(local: str) -> str:
    """`10:00` of an instant or a local time."""
    return local[11:16]


@register.filter
def whole_minutes(seconds: int) -> int:
    """How many of them are full."""
    return seconds // 60


@register.filter
def words(code: str) -> str:
    """`Premium economy` of `premium_economy`."""
    return code.replace("_", " ").capitalize()


@register.filter
def of(values: Mapping[str, object] | str, name: str) -> object:
    """The value of this name, or nothing; also where a page has no such values."""
    return values.get(name, "") if isinstance(values, Mapping) else ""


def _grouped(amount: str) -> str:
    whole, point, rest = amount.lstrip("-").partition(".")
    return f"{_MINUS if amount.startswith('-') else ''}{int(whole):,}{point}{rest}"
