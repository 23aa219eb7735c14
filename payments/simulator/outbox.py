"""Events waiting to be told: recorded with their fact, claimed by one sender at a time, kept until answered."""

import json
import random
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from payments.simulator.config import Faults
from payments.simulator.ledger import Ledger, new_id

FIRST_RETRY_SECONDS: Final = 0.5
LONGEST_RETRY_SECONDS: Final = 60.0
GIVE_UP_SECONDS: Final = 24 * 3600
LEASE_SECONDS: Final = 30.0  # longer than one delivery can take, so that two senders never share an event


@dataclass(frozen=True, slots=True)
class Event:
    """One claimed event: the exact bytes to send, and which attempt this is (from 1)."""

    id: str
    body: bytes
    attempts: int
    created_at: float


class Outbox:
    """The ledger's events on their way out. ``faults`` says what to spoil on purpose."""

    def __init__(self, ledger: Ledger, faults: Faults) -> None:
        """Speak for this ledger."""
        self._ledger, self._faults = ledger, faults

    def record(
        self, db: sqlite3.Connection, kind: str, intent: sqlite3.Row, *, retryable: bool = False, wait: float = 0
    ) -> None:
        """Write an event about the intent into the caller's transaction, due in ``wait`` seconds."""
        now = time.time()
        data = {"payment_id": intent["key"], "amount": intent["amount"], "currency": intent["currency"]}
        event = {
            "id": new_id("evt"),
            "type": kind,
            "created_at": datetime.fromtimestamp(now, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "data": {**data, "retryable": True} if retryable else data,
        }
        dropped = random.random() < self._faults.drop_share  # nosec B311 # a fault by chance
        db.execute(
            "INSERT INTO event (id, type, body, created_at, next_attempt_at) VALUES (?, ?, ?, ?, ?)",
            (event["id"], kind, json.dumps(event).encode(), now, None if dropped else now + wait + self._faults.delay),
        )

    def claim(self) -> Event | None:
        """Take the event that is due longest, for one attempt; None when nothing is due."""
        now = time.time()
        with self._ledger.transaction() as db:
            row = db.execute(
                "SELECT id, body, attempts + 1 AS attempts, created_at FROM event"
                " WHERE next_attempt_at <= ? ORDER BY next_attempt_at LIMIT 1",
                (now,),
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE event SET attempts = ?, next_attempt_at = ? WHERE id = ?",
                (row["attempts"], now + LEASE_SECONDS, row["id"]),
            )
        return Event(**dict(row))

    def settle(self, event: Event, *, delivered: bool) -> None:
        """Close a delivered event; else plan the next attempt, twice as far away each time, for 24 hours."""
        now = time.time()
        retry_at: float | None = None
        if not delivered and now - event.created_at < GIVE_UP_SECONDS:
            doublings = min(event.attempts - 1, 20)  # beyond that only the number grows, not the pause
            retry_at = now + min(FIRST_RETRY_SECONDS * 2**doublings, LONGEST_RETRY_SECONDS)
        with self._ledger.transaction() as db:
            db.execute(
                "UPDATE event SET delivered_at = ?, next_attempt_at = ? WHERE id = ?",
                (now if delivered else None, retry_at, event.id),
            )

    def seconds_to_next(self) -> float:
        """How long nothing will be due: 0 to 60 seconds."""
        with self._ledger.transaction() as db:
            due = db.execute("SELECT min(next_attempt_at) FROM event WHERE next_attempt_at IS NOT NULL").fetchone()[0]
        return LONGEST_RETRY_SECONDS if due is None else min(max(due - time.time(), 0.0), LONGEST_RETRY_SECONDS)

    def resume(self) -> None:
        """At start: events that an earlier run had claimed or put off are due again at once."""
        now = time.time()
        with self._ledger.transaction() as db:
            db.execute("UPDATE event SET next_attempt_at = min(next_attempt_at, ?) WHERE attempts > 0", (now,))
