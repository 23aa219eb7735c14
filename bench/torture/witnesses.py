"""The two witnesses beside the clients: the product's own checker of invariants, and a reader of all its topics."""

import json
from typing import Any

import psycopg

from bench.torture.rig import Rig
from bench.torture.verdict import Verdict, Violation
from bench.torture.watcher import Watcher

_CHECK_SECONDS = 300.0
_OUTBOX = "SELECT position, topic, subject, sequence, id FROM store_outboxevent ORDER BY position"
Json = dict[str, Any]


class CheckerSilent(Exception):
    """The checker did not say whether all invariants hold; the text is what it said instead."""


class Witnesses:
    """The reader begins with the rig, so that it sees what a broker forgets later."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._watcher = Watcher(rig.kafka)

    def figures(self) -> Json:
        """How much the reader has read, and what no reader can have seen."""
        return self._watcher.figures()

    def stop(self) -> None:
        """The reader ends."""
        self._watcher.stop()

    def events(self) -> Verdict:
        """H6: what the reader has seen, held against the outbox, once everything is at rest."""
        with psycopg.connect(self._rig.database_url) as connection:
            rows = connection.execute(_OUTBOX).fetchall()
        found = self._watcher.check(rows)
        title = "events of one subject arrive in order, and every published event arrives"
        return Verdict("H6", title, len(rows), tuple(Violation(str(each)) for each in found))

    def invariants(self) -> list[Verdict]:
        """What the product's checker finds, once everything is at rest; raises CheckerSilent."""
        done = self._rig.manage("check_invariants", "--quiesced", "--json", "-", timeout=_CHECK_SECONDS)
        try:
            told: list[Json] = json.loads(done.stdout)["invariants"]
        except (ValueError, KeyError) as error:
            raise CheckerSilent(f"exit code {done.returncode}: {(done.stderr or done.stdout)[-500:]}") from error
        unasked = [each["number"] for each in told if each["found"] is None]
        if unasked or not told:
            raise CheckerSilent(f"not asked: {', '.join(unasked) or 'anything'}")
        return [_verdict(each) for each in told]


def _verdict(told: Json) -> Verdict:
    found = Violation(f"{told['found']} contradict it: {told['title']}", tuple(told["ids"]))
    return Verdict(told["number"], told["title"], None, (found,) if told["found"] else ())
