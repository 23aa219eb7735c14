"""How a personal value looks to staff who may not see it."""

from django.db import models

from altis.privacy.errors import Unreadable
from altis.privacy.sealed import MASK


def masked(row: models.Model, field: str, *, head: int = 1, tail: int = 0) -> str:
    """An encrypted field as `T•••`: `head` characters of its start and `tail` of its end, when it has more than these.

    An erased person's text reads `erased`, one that was tampered with `unreadable` (the log has the alarm).
    """
    try:
        text = str(getattr(row, field) or "")
    except Unreadable:
        return "unreadable"
    if not text:
        return "erased"
    if len(text) <= head + tail:
        return MASK
    return f"{text[:head]}{MASK}{text[len(text) - tail :]}"
