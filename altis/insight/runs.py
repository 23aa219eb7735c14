"""What checks have found lately, read."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from altis.insight.invariants import INVARIANTS, Source
from altis.insight.models import InvariantRun
from altis.insight.services.report import Scope

_LATELY = timedelta(minutes=15)  # when no round of this long has told of the gate, nobody knows
_SUSPECTED = timedelta(hours=25)  # until the check of the next night
_OF_THE_GATE = frozenset(each.number for each in INVARIANTS if each.source == Source.GATE)


def last_run(scope: Scope) -> InvariantRun | None:
    """The newest check of this scope."""
    return InvariantRun.objects.filter(scope=scope).order_by("-as_of").first()


def latest_runs(most: int) -> list[InvariantRun]:
    """So many checks of any scope, the newest first."""
    return list(InvariantRun.objects.order_by("-as_of")[:most])


def gate_suspects(at: datetime) -> list[int] | None:
    """Inventories whose gate a check of the last day found wrong; they may be right again. None when none told lately.

    A day and not the newest check alone: that one has looked at what changed in ten minutes. One query.
    """
    of_the_gate = reduce(or_, (Q(broken__contains=[{"number": number}]) for number in sorted(_OF_THE_GATE)))
    told = InvariantRun.objects.filter(Q(as_of__gt=at - _LATELY) | of_the_gate, as_of__gt=at - _SUSPECTED)
    runs = list(told.values_list("as_of", "broken", "unasked"))
    if not any(as_of > at - _LATELY and _OF_THE_GATE.isdisjoint(unasked) for as_of, _, unasked in runs):
        return None
    found = [each for _, broken, _ in runs for each in broken if each["number"] in _OF_THE_GATE]
    return sorted({int(id) for each in found for id in each["ids"]})
