"""What an invariant is, and the phrases of SQL that many of them share.

A query gives one column, the id of each thing that contradicts the invariant, and takes these parameters:

    inventories bigint[], orders text[], offers text[]   what to look at; NULL is everything
    since timestamptz                                    the same for rows that have only an age
    as_of timestamptz                                    the database's clock just before the snapshot was taken
    quiesced boolean                                     nothing is in flight: no allowance for it
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """When an invariant holds."""

    ALWAYS = "T"  # at every instant, so in every snapshot
    QUIET = "Q"  # once nothing is in flight, or after the delay that its title states


class Source(StrEnum):
    """Who has to be asked besides PostgreSQL."""

    LEDGER = "ledger"
    GATE = "gate"
    GATEWAY = "gateway"
    KEYS = "keys"  # nobody: our own keys open what PostgreSQL holds


@dataclass(frozen=True, slots=True)
class Invariant:
    """One sentence that must be true, and the query for what contradicts it (none for what the gate is asked)."""

    number: str
    title: str
    kind: Kind
    sql: str = ""
    source: Source = Source.LEDGER

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands among the others."""
        digits = re.sub(r"\D", "", self.number)
        return int(digits), self.number

    def answers_to(self, number: str) -> bool:
        """Whether this is what `number` means: `I14b` itself, and `I14` for all its parts."""
        return number in (self.number, self.number.rstrip("abc"))


def among(scope: str, column: str) -> str:
    """The condition that a column is within a scope: `inventories`, `orders` or `offers`.

    PostgreSQL folds it before planning: to nothing for everything, to a look-up by index for a list.
    """
    type = "bigint" if scope == "inventories" else "text"
    return f"(%({scope})s::{type}[] IS NULL OR {column} = ANY(%({scope})s::{type}[]))"


def payment_among(column: str) -> str:
    """The condition that a payment's id belongs to an order in scope."""
    return (
        "(%(orders)s::text[] IS NULL OR "
        f"{column} IN (SELECT id FROM payments_payment WHERE order_id = ANY(%(orders)s::text[])))"
    )


def any_of(values: Iterable[str]) -> str:
    """A list for IN, of values that are names in our own code."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def table(rows: Iterable[Iterable[str | None]], *columns: str) -> str:
    """A table of names in our own code: `(VALUES …) AS rule (…)`."""
    values = ", ".join("(" + ", ".join("NULL" if cell is None else f"'{cell}'" for cell in row) + ")" for row in rows)
    return f"(VALUES {values}) AS rule ({', '.join(columns)})"
