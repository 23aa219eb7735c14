"""A recorded accept as a script for pgbench: the same statements, with new ids in the place of those that were new.

What stays as it was recorded: flights, products, amounts, ciphertexts, instants. What changes with each transaction:
the ids of the rows that are inserted, the order's reference, the idempotency key, the row of the ledger, the customer
and the address. What the product learns from one statement and sends with a later one, a version of the ledger or the
number of the claimed key's row, is looked up in its place: that is all that the script does and an accept does not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.speed.prepare import FIRST_CLAIM, FIRST_INVENTORY, FIRST_USER, FIRST_VERSION, USER_HEAD
from bench.speed.statements import Statement

_ID = re.compile(r"\b([a-z]{3})_([0-7][0-9a-hjkmnp-tv-z]{25})\b")
_KEPT: Final = frozenset({"flt", "prd"})  # rows that exist
_VERSION, _CLAIM, _INVENTORY = (
    re.compile(rf"(?<![0-9.]){str(first)[:2]}\d{{{len(str(first)) - 2}}}(?![0-9.])")
    for first in (FIRST_VERSION, FIRST_CLAIM, FIRST_INVENTORY)
)
_CLAIMED = "currval('store_idempotencykey_id_seq')"
_LITERAL = re.compile(r"( ?E)?'(?:[^'\\]|''|\\.)*'", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_SAVEPOINT = re.compile(r'"s\d+_x\d+"')
_LOOK_UP = re.compile(r"\(SELECT version FROM catalog_inventory WHERE id = [:\w]+\)|" + re.escape(_CLAIMED))
_JSON = re.compile(r"[ E]*'\s*(\[|\{\s*\"[^\"]*\"\s*:)")
_ALONE = re.compile(r" ?'\s*(:altis_inv)'")
_ADDRESSES = 4096
_BIG = 10**15
# Counts up over all clients, so that new ids sort as the product's do: each goes to the end of its index.
_HEAD = r"""
\set altis_i :altis_i + 1
\set altis_seq :altis_i * :altis_clients + :client_id
\set altis_n {big} + :altis_seq
\set altis_ref 100000 + :altis_seq
\set altis_user {user} + random(:altis_first, :altis_users - 1)
\set altis_client {big} + random(0, {addresses})
\set altis_turn random(0, {last})
\set altis_inv {inventory}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """One recorded accept: what was said, and the values in it that belong to this order alone."""

    statements: tuple[Statement, ...]
    reference: str
    client: str  # keyed hash of the address
    key: str  # the Idempotency-Key that was sent
    inventory_id: int  # the row of the ledger
    bundle: str

    @property
    def shape(self) -> tuple[str, ...]:
        """The statements without their values."""
        return tuple(shape(statement.text) for statement in self.statements)


def script(
    accept: Accept, *, inventories: Sequence[int] = (0,), prepared: bool = False, pipelined: bool = False
) -> str:
    """For `pgbench -f`, with the variables that `Pgbench` gives it; the accepts go to these rows of the ledger.

    `prepared` is for `-M prepared`. `pipelined` sends everything in one go, which then is possible.
    """
    names = _Names(accept)
    rows = list(dict.fromkeys(inventories))
    choice = " ".join(f"WHEN :altis_turn = {turn} THEN {row}" for turn, row in enumerate(rows))
    values = {"big": _BIG, "user": FIRST_USER, "addresses": _ADDRESSES - 1, "last": len(rows) - 1}
    lines = [_HEAD.format(**values, inventory=f"CASE {choice} END").strip()]
    sent = [f"{names.replace(statement.text, prepared=prepared)};" for statement in accept.statements]
    lines += ["\\startpipeline", *sent, "\\endpipeline"] if pipelined else sent
    return "\n".join(lines) + "\n"


def mode(accept: Accept) -> str:
    """How pgbench must send it: as the product mostly does."""
    prepared = sum(statement.prepared for statement in accept.statements)
    return "prepared" if 2 * prepared > len(accept.statements) else "simple"


def shape(text: str) -> str:
    """A statement without its values and white space: what must be the same in script and reality."""
    text = _SAVEPOINT.sub('"s"', _LOOK_UP.sub("0", text))
    text = _LITERAL.sub("?", text)
    text = re.sub(r"\bARRAY\[[^\]]*\]", "?", text)
    text = _NUMBER.sub("?", text)
    text = re.sub(r"\( *\?(?: *\|\| *\?)+ *\)", "?", text)
    text = re.sub(r"\?(?:::[\w\[\]]+)+", "?", text)
    text = re.sub(r"\((?:\s*\?(?:::[\w\[\]]+)?\s*,?)+\)", "(?)", text)
    text = re.sub(r"\(\?\)(?:\s*,\s*\(\?\))+", "(?)", text)
    return " ".join(text.split())


def usual(accepts: Sequence[Accept]) -> list[Accept]:
    """Those that said what most of their bundle said: the others were the first to ask for something kept in memory."""
    found = []
    for bundle in dict.fromkeys(accept.bundle for accept in accepts):
        theirs = [accept for accept in accepts if accept.bundle == bundle]
        shapes = [accept.shape for accept in theirs]
        most = max(dict.fromkeys(shapes), key=lambda each: (shapes.count(each), -len(each)))
        found += [accept for accept, each in zip(theirs, shapes, strict=True) if each == most]
    return found


class _Names:
    """What stands for each changing value of one accept."""

    def __init__(self, accept: Accept) -> None:
        self._accept = accept
        self._ids: dict[str, str] = {}
        version = "(SELECT version FROM catalog_inventory WHERE id = :altis_inv)"
        self._told = ((_VERSION, version), (_CLAIM, _CLAIMED))

    def replace(self, text: str, *, prepared: bool) -> str:
        """The statement as pgbench shall send it."""
        text = _ID.sub(self._id, text)
        text = text.replace(self._accept.key, "speed-:altis_n")
        if client := self._accept.client:
            text = text.replace(client, f"{client[:-16]}:altis_client")
        text = re.sub(rf"\b{self._accept.reference}\b", ":altis_ref", text)
        text = _INVENTORY.sub(" :altis_inv", text)  # with a blank: two colons would be a cast
        parts, position = [], 0
        for literal in _LITERAL.finditer(text):
            parts += [self._numbers(text[position : literal.start()]), self._literal(literal[0])]
            position = literal.end()
        text = "".join([*parts, self._numbers(text[position:])])
        return _spliced(text) if prepared else text

    def _id(self, match: re.Match[str]) -> str:
        prefix = match[1]
        if prefix in _KEPT:
            return match[0]
        if prefix == "usr":
            return f"{USER_HEAD}:altis_user"
        # Six, two and two characters, then sixteen digits of the counter.
        return self._ids.setdefault(match[0], f"{prefix}_0bench{len(self._ids):02d}00:altis_n")

    def _numbers(self, text: str) -> str:
        """What stands outside of literals."""
        for pattern, look_up in self._told:
            text = pattern.sub(look_up, text)
        return text

    def _literal(self, literal: str) -> str:
        """A number alone, or alone in an array, is looked up too; in a JSON document nothing depends on it."""
        inner = literal.strip().removeprefix("E").strip("'")
        for pattern, look_up in self._told:
            if pattern.fullmatch(inner):
                return look_up
            if re.fullmatch(r"\{\d+\}", inner) and pattern.fullmatch(inner[1:-1]):
                return f"ARRAY[{look_up}]"
        return literal


def _spliced(text: str) -> str:
    """Outside simple queries a variable is a parameter of its own: strings are put together around it."""

    def splice(match: re.Match[str]) -> str:
        literal = match[0]
        # Any other colon would be taken for a variable.
        quoted = re.sub(r":(?!altis_)", r"\\x3a", literal)
        if quoted != literal and not literal.strip().startswith("E"):
            quoted = f" E{quoted.replace(chr(92), chr(92) * 2).replace(chr(92) * 2 + 'x3a', chr(92) + 'x3a')}"
        if ":altis_" not in quoted:
            return quoted
        if alone := _ALONE.fullmatch(quoted):
            return f" {alone[1]}"  # no string: it has the type of the place where it stands
        prefix = "E" if quoted.strip().startswith("E") else ""
        joined = re.sub(r"(:altis_\w+)", rf"' || \1 || {prefix}'", quoted)
        return f"({joined})::json" if _JSON.match(literal) else f"({joined})"

    return _LITERAL.sub(splice, text)
