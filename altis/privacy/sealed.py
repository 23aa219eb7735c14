"""The two faces of a personal value on a model instance: still sealed, or opened and remembering its envelope."""

from dataclasses import dataclass, field
from typing import NamedTuple

MASK = "•••"


class Row(NamedTuple):
    """Where a value stands: the row's primary key and the person whose key locks it."""

    pk: str
    subject: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """An envelope as the database gave it. It prints as a mask, so that a list or a log never shows personal data."""

    text: str
    row: Row | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return MASK


class Opened(str):
    """Plain text read from the database. It keeps its envelope: a save that changed nothing writes that back as it was.

    The text of an erased person is "" and `erased` is true.
    """

    __slots__ = ("erased", "sealed")
    sealed: Sealed
    erased: bool

    def __new__(cls, text: str, sealed: Sealed, erased: bool = False) -> "Opened":
        self = super().__new__(cls, text)
        self.sealed, self.erased = sealed, erased
        return self

    def __getnewargs__(self) -> tuple[str, Sealed, bool]:  # type: ignore[override]  # str's own takes the text alone
        return str(self), self.sealed, self.erased
