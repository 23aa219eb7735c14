"""The last net under the log: e-mail addresses and card numbers are masked in whatever a line was given."""

import re
from collections.abc import Mapping
from typing import Any

from altis.shared.cards import without_card_numbers

_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# No longer run is looked at without one: 13 digits with at most three separators between each two.
_LONG_NUMBER = re.compile(r"[0-9](?:[^\w.,:;/]{0,3}[0-9]){12}")
_SHORTEST_CARD, _SMALLEST_CARD = 13, 10**12
_DEEPEST = 6


def scrub_event(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: every value of the line, scrubbed, before it is rendered."""
    for name, value in event.items():
        if not name.startswith("_"):  # structlog's own
            event[name] = _scrubbed(value, _DEEPEST)
    return event


def scrub_line(_logger: Any, _method: str, line: str) -> str:
    """The same for a line that is text already."""
    return scrub(line)


def scrub(text: str) -> str:
    """The text with masks for e-mail addresses and card numbers."""
    if "@" in text:
        text = _ADDRESS.sub("[e-mail]", text)
    if len(text) < _SHORTEST_CARD or not _LONG_NUMBER.search(text):
        return text
    return without_card_numbers(text)


def _scrubbed(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if value < _SMALLEST_CARD or scrub(str(value)) == str(value) else "[card]"
    if isinstance(value, Mapping) and depth:
        return {scrub(str(name)): _scrubbed(inner, depth - 1) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return [_scrubbed(inner, depth - 1) for inner in value]
    # An exception or an object would be turned into text by the renderer, too late.
    return scrub(str(value))
