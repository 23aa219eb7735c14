"""What the checker says, as the numbers of the broken invariants; and what the gate would let pass at this moment."""

from altis.insight.invariants import INVARIANTS, Kind, Source, numbered
from altis.insight.services.check import check_invariants
from altis.insight.services.report import State
from catalog.models import Inventory
from tests.catalog.books import gate

# What holds at every instant, and can be asked without the gateway and without Redis.
_ALWAYS = [each for each in INVARIANTS if each.kind == Kind.ALWAYS and each.source == Source.LEDGER]
MONEY = ("I18", "I19")  # our payments against the gateway's own ledger


def noticed(*also: str) -> set[str]:
    """The numbers of the invariants that do not hold now.

    `also` are asked too: those of other stores, and those that hold only at rest, which it then must be.
    """
    asked = [*_ALWAYS, *(each for each in numbered(*also) if each not in _ALWAYS)]
    report = check_invariants(invariants=asked, quiesced=bool(also), patience=0)
    assert [finding for finding in report.findings if finding.state == State.NOT_ASKED] == []
    return {finding.invariant.number.rstrip("abc") for finding in report.violated}


def overstated() -> list[int]:
    """Inventories of which the gate would let more pass at this moment than the ledger has."""
    return [row.pk for row in Inventory.objects.all() if _effective(gate(row)) > row.available]


def _effective(fields: dict[str, str]) -> int:
    """What the gate has, less the tokens of those in flight; a cold gate lets nobody pass before it has asked."""
    tokens = [value for name, value in fields.items() if name.startswith("t:")]
    return int(fields.get("base", 0)) - sum(int(value.split("|")[0]) for value in tokens)
