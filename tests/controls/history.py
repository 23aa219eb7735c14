"""What clients kept of their requests, and what in it cannot be: judged without looking into the product."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Rule = Callable[["History"], list[str]]


@dataclass(frozen=True, slots=True)
class Said:
    """One request: who made it, under which key, whether they had a right to it, and what they were told.

    `gave` is what this client once wrote, and so must find in every reply that shows it.
    """

    caller: str
    status: int
    body: bytes
    told: dict[str, Any]
    key: str = ""
    rightful: bool = True
    gave: str = ""

    @property
    def served(self) -> bool:
        """Whether the request was done."""
        return self.status < 300

    @property
    def order(self) -> str:
        """The order that the reply shows, or nothing."""
        shown = str(self.told.get("id", ""))
        return shown if self.served and shown.startswith("ord_") else ""


@dataclass(frozen=True, slots=True)
class History:
    """Requests that were made, and what their makers know: how many units there were, how many calls are allowed."""

    said: Sequence[Said]
    seats: int | None = None
    burst: int | None = None

    def contradictions(self) -> set[str]:
        """The rules that this history breaks."""
        return {name for name, rule in _RULES.items() if rule(self)}


def heard(reply: Any, *, caller: str = "owner", key: str = "", rightful: bool = True, gave: str = "") -> Said:
    """A reply of the test client as an entry."""
    told = reply.json() if "json" in reply["Content-Type"] else {}
    return Said(caller, reply.status_code, reply.content, told, key, rightful, gave)


def _crashed(history: History) -> list[str]:
    return [one.caller for one in history.said if one.status >= 500 and one.status != 503]


def _strangers_orders(history: History) -> list[str]:
    """An order that is shown to one caller and acknowledged to another."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in history.said:
        if one.order:
            owners[one.order].add(one.caller)
    return [order for order, callers in owners.items() if len(callers) > 1]


def _answers_under_a_key(history: History) -> list[str]:
    answers: dict[str, set[bytes]] = defaultdict(set)
    for one in history.said:
        if one.key and one.served:
            answers[one.key].add(one.body)
    return [key for key, bodies in answers.items() if len(bodies) > 1]


def _more_than_there_are(history: History) -> list[str]:
    """Only for histories of one unit an order in which nothing was given back."""
    acknowledged = {one.order for one in history.said if one.order}
    return list(acknowledged) if history.seats is not None and len(acknowledged) > history.seats else []


def _rights(history: History) -> list[str]:
    """Who has a right is served or told of a conflict, who has none is refused."""
    refused = (400, 401, 403, 404)
    return [one.caller for one in history.said if one.rightful == (one.status in refused)]


def _somebody_elses_data(history: History) -> list[str]:
    return [one.caller for one in history.said if one.served and one.gave.encode() not in one.body]


def _over_the_limit(history: History) -> list[str]:
    """Only for histories that took less time than one request more needs."""
    served: Iterable[tuple[str, int]] = Counter(one.caller for one in history.said if one.served).items()
    return [caller for caller, times in served if history.burst is not None and times > history.burst]


_RULES: dict[str, Rule] = {
    "H1 an acknowledged order is its owner's alone": _strangers_orders,
    "H2 a key has one answer": _answers_under_a_key,
    "H5 no more is acknowledged than there is": _more_than_there_are,
    "nothing crashes": _crashed,
    "who has a right is served, and nobody else": _rights,
    "what is read is what was given": _somebody_elses_data,
    "nobody gets more than their limit": _over_the_limit,
}
