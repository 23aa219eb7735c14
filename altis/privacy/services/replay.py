"""The list of the erased, kept outside the database: it is younger than any backup that is restored."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast, get_args

from altis.privacy.models import ErasureLog
from altis.privacy.services.erase import erase_again
from altis.shared.actors import Actor, Cause
from altis.shared.clock import iso

_ID = re.compile(r"(usr|gst|pax)_[0-9a-z]{1,60}")
_KINDS = get_args(Actor.__annotations__["kind"])


class BadLog(ValueError):
    """A line of a list that is none of ours; its number is in the message, its content is not."""


def erasure_lines() -> Iterator[str]:
    """The list of the erased, oldest first: one JSON object a line, without personal data."""
    for row in ErasureLog.objects.order_by("at", "subject").iterator():
        yield json.dumps({"subject": row.subject, "at": iso(row.at), "actor": row.actor, "reason": row.reason})


def replay_erasures(lines: Iterable[str]) -> int:
    """Erase everybody on a list once more; returns how many ids it names. Raises BadLog before anybody is erased."""
    entries = [_entry(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    for person, cause, at in entries:
        erase_again(person=person, cause=cause, at=at)
    return len(entries)


def _entry(number: int, line: str) -> tuple[str, Cause, datetime]:
    try:
        told = json.loads(line)
        subject, at = str(told["subject"]), datetime.fromisoformat(str(told["at"]))
        kind, _, name = str(told["actor"]).partition(":")
        reason = str(told["reason"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadLog(f"line {number} is not an erasure") from error
    if not (_ID.fullmatch(subject) and at.tzinfo and kind in _KINDS and name and reason):
        raise BadLog(f"line {number} is not an erasure")
    return subject, Cause(Actor(cast("Any", kind), name), reason), at
