"""What must be true: at every instant, whatever has just died, and once everything has come to rest."""

import time
from collections.abc import Mapping
from typing import cast

from altis.insight.invariants import INVARIANTS, Kind
from altis.insight.services.check import check_invariants
from altis.insight.services.report import Report, State
from altis.store.redis import client as redis_client
from catalog.models import Inventory

_ALWAYS = tuple(invariant for invariant in INVARIANTS if invariant.kind == Kind.ALWAYS)
Fields = Mapping[str, str]


def contradictions() -> list[str]:
    """What does not hold at this instant, of all that holds always."""
    return [*_names(check_invariants(invariants=_ALWAYS, patience=0)), *_promised_twice()]


def contradictions_at_rest() -> list[str]:
    """What does not hold of anything: gate, ledger, books, outbox and the gateway's own ledger agree, all is done."""
    return _names(check_invariants(quiesced=True, patience=0))


def tokens_grow_old() -> None:
    """Redis has a clock of its own, which cannot be moved: the deadlines of all tokens are moved instead."""
    for id, fields in _gates().items():
        for name in fields:
            if name.startswith("t:"):
                units = fields[name].partition("|")[0]
                redis_client().hset(f"inv:{{{id}}}", name, f"{units}|0")


def _names(report: Report) -> list[str]:
    return [
        f"{finding.invariant.number} {finding.invariant.title}: {finding.ids}"
        for finding in report.findings
        if finding.state != State.HOLDS
    ]


def _promised_twice() -> list[str]:
    """Within a token's life the gate promises no unit that the ledger has not."""
    # The gate first: another process may take units meanwhile, but gives none back.
    promises = {id: int(fields["base"]) - _taken(fields) for id, fields in _gates().items()}
    has = {row.pk: row.available for row in Inventory.objects.filter(pk__in=promises)}
    return [f"the gate promises {units} of {has[id]} units" for id, units in promises.items() if units > has[id]]


def _gates() -> dict[int, Fields]:
    found: dict[int, Fields] = {}
    for key in cast("list[bytes]", list(redis_client().scan_iter("inv:*"))):
        fields = cast("dict[bytes, bytes]", redis_client().hgetall(key))
        found[int(key.decode()[5:-1])] = {name.decode(): value.decode() for name, value in fields.items()}
    return found


def _taken(fields: Fields) -> int:
    """The units of live tokens."""
    now = time.time() * 1000
    tokens = [value.split("|") for name, value in fields.items() if name.startswith("t:")]
    return sum(int(units) for units, deadline in tokens if int(deadline) > now)
