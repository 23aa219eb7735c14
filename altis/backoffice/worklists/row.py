"""What a work list is made of. Each list is a module of its own; `lists.py` has them in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from altis.shared.actors import Actor

Reasons = tuple[tuple[str, str], ...]
MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Command:
    """One next action. `run(key, actor, reason)` calls a service and returns a sentence; refusals are AltisErrors.

    `subject` is the row whose history tells of it, and `noted` the words that it tells.
    """

    name: str
    label: str
    right: str
    noted: str
    reasons: Reasons
    run: Callable[[str, Actor, str], str]
    subject: Callable[[str], Model | None]
    primary: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of work: `what` may be a link, `commands` names those that fit this row."""

    key: str
    what: str
    since: datetime | None
    cause: str
    commands: Sequence[str] = ()
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class WorkList:
    """A list. `waiting` are the rows behind the count, in one query; without it `count` tells: one of the two.

    None as a count, or for the rows, is not known; `unknown` then says why, as `empty` does of no rows.
    `more`: another page about the same, by the name of its address, and the words that lead there.
    """

    name: str
    title: str
    icon: str
    right: str
    hint: str
    empty: str
    rows: Callable[[], list[Row] | None]
    waiting: Callable[[], QuerySet[Any]] | None = None
    count: Callable[[], int | None] | None = None
    unknown: str = ""
    commands: Sequence[Command] = ()
    more: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if (self.waiting is None) == (self.count is None):
            raise TypeError(f"{self.name} is counted by `waiting` or by `count`")

    def command(self, name: str) -> Command | None:
        """The action of this name."""
        return next((command for command in self.commands if command.name == name), None)
