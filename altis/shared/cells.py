"""Cells of tables that people open in a spreadsheet: none is a formula. Pure."""

import re

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def harmless(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula: an apostrophe stands before what could be one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def as_written(text: str) -> str:
    """What `harmless` was given: without its apostrophe."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
