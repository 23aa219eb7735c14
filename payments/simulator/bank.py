"""What the simulator does with money: intents, captures, refunds. Every rule holds inside one transaction."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from payments.simulator.config import Config
from payments.simulator.ledger import Ledger, new_id
from payments.simulator.outbox import Outbox
from payments.simulator.tokens import Behaviour, Effect, behaviour_of

CAPTURED: Final = "payment.captured"
FAILED: Final = "payment.failed"


class Refused(Exception):
    """The call changes nothing: an HTTP status, a stable code, and the intent when there is one."""

    def __init__(self, status: int, code: str, intent: sqlite3.Row | None = None) -> None:
        """Keep the parts for the answer."""
        super().__init__(code)
        self.status, self.code, self.intent = status, code, intent


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The intent after a confirmation, and for how many seconds its answer is kept back."""

    intent: sqlite3.Row
    withhold_seconds: float = 0.0


class Bank:
    """The operations behind the HTTP doors. ``announce`` is called after a commit that left work for the senders."""

    def __init__(self, ledger: Ledger, config: Config, announce: Callable[[], None]) -> None:
        """Work on this ledger with these settings."""
        self._ledger, self._config, self._announce = ledger, config, announce
        self._outbox = Outbox(ledger, config.faults)

    def create(self, *, key: str, amount: str, currency: str) -> sqlite3.Row:
        """The intent of this key, made now if new. Refuses a known key with another amount or currency (409)."""
        with self._ledger.transaction() as db:
            db.execute(
                "INSERT INTO intent (id, key, amount, currency, status, created_at) VALUES (?, ?, ?, ?, 'created', ?)"
                " ON CONFLICT (key) DO NOTHING",
                (new_id("int"), key, amount, currency, time.time()),
            )
            intent: sqlite3.Row = db.execute("SELECT * FROM intent WHERE key = ?", (key,)).fetchone()
        if Decimal(intent["amount"]) != Decimal(amount) or intent["currency"] != currency:
            raise Refused(409, "key_reused", intent)
        return intent

    def read(self, *, intent_id: str) -> sqlite3.Row:
        """The intent as it stands; refuses an unknown id (404)."""
        with self._ledger.transaction() as db:
            return _intent(db, intent_id)

    def confirm(self, *, intent_id: str, token: str) -> Confirmation:
        """Charge the token once; a repeated call gets the first outcome. Refuses a cancelled intent (409).

        The token itself is never stored: it might be a card number somebody typed.
        """
        behaviour = behaviour_of(token)
        with self._ledger.transaction() as db:
            intent = _intent(db, intent_id)
            if intent["status"] == "cancelled":
                raise Refused(409, "intent_cancelled", intent)
            if intent["status"] != "created":
                return Confirmation(intent)
            if behaviour.effect is Effect.CRASH:
                raise Refused(500, "internal_error")
            withhold = self._apply(db, intent, behaviour)
            confirmation = Confirmation(_intent(db, intent_id), withhold)
        self._announce()
        return confirmation

    def cancel(self, *, intent_id: str) -> sqlite3.Row:
        """The fence: after it nothing can be captured any more. An intent that is already decided stays as it is."""
        with self._ledger.transaction() as db:
            intent = _intent(db, intent_id)
            if intent["status"] not in {"created", "pending"}:
                return intent
            # The merchant asked for this end, so the customer may try again.
            db.execute(
                "UPDATE intent SET status = 'cancelled', retryable = 1, capture_at = NULL WHERE id = ?", (intent_id,)
            )
            self._outbox.record(db, FAILED, intent, retryable=True)
            cancelled = _intent(db, intent_id)
        self._announce()
        return cancelled

    def refund(self, *, key: str, intent_id: str, amount: str) -> sqlite3.Row:
        """Give captured money back, once per key.

        Refuses a known key with other content (409 key_reused), an intent without a capture (409 not_captured),
        and more than is left of the capture (409 refund_exceeds_capture).
        """
        with self._ledger.transaction() as db:
            intent = _intent(db, intent_id)
            known = db.execute("SELECT * FROM refund WHERE key = ?", (key,)).fetchone()
            if known is None:
                _check_refundable(db, intent, Decimal(amount))
                db.execute(
                    "INSERT INTO refund (id, key, intent_id, amount, currency, refunded_at) VALUES (?, ?, ?, ?, ?, ?)",
                    (new_id("rfd"), key, intent_id, amount, intent["currency"], time.time()),
                )
            elif known["intent_id"] != intent_id or Decimal(known["amount"]) != Decimal(amount):
                raise Refused(409, "key_reused")
            row: sqlite3.Row = db.execute("SELECT * FROM refund WHERE key = ?", (key,)).fetchone()
        return row

    def capture_due(self) -> float:
        """Capture every pending intent whose time has come; returns the seconds until the next, at most 60."""
        now = time.time()
        with self._ledger.transaction() as db:
            due = db.execute("SELECT * FROM intent WHERE status = 'pending' AND capture_at <= ?", (now,)).fetchall()
            for intent in due:
                self._capture(db, intent)
            following = db.execute("SELECT min(capture_at) FROM intent WHERE status = 'pending'").fetchone()[0]
        if due:
            self._announce()
        return 60.0 if following is None else min(max(following - time.time(), 0.0), 60.0)

    def _apply(self, db: sqlite3.Connection, intent: sqlite3.Row, behaviour: Behaviour) -> float:
        """Do what the token says to a created intent; returns for how many seconds to keep the answer back."""
        match behaviour.effect:
            case Effect.DECLINE:
                db.execute(
                    "UPDATE intent SET status = 'declined', decline_code = ?, retryable = ? WHERE id = ?",
                    (behaviour.decline_code, behaviour.retryable, intent["id"]),
                )
                self._outbox.record(db, FAILED, intent, retryable=behaviour.retryable)
            case Effect.PEND:
                db.execute(
                    "UPDATE intent SET status = 'pending', capture_at = ? WHERE id = ?",
                    (time.time() + self._config.pending_seconds, intent["id"]),
                )
            case Effect.WITHHOLD:
                # The event waits as well: told at once, the caller would know before it could time out.
                self._capture(db, intent, wait=self._config.withhold_seconds)
                return self._config.withhold_seconds
            case _:
                self._capture(db, intent)
        return 0.0

    def _capture(self, db: sqlite3.Connection, intent: sqlite3.Row, *, wait: float = 0) -> None:
        db.execute("UPDATE intent SET status = 'succeeded', capture_at = NULL WHERE id = ?", (intent["id"],))
        db.execute(
            "INSERT INTO capture (intent_id, amount, currency, captured_at) VALUES (?, ?, ?, ?)",
            (intent["id"], intent["amount"], intent["currency"], time.time()),
        )
        self._outbox.record(db, CAPTURED, intent, wait=wait)


def _intent(db: sqlite3.Connection, intent_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM intent WHERE id = ?", (intent_id,)).fetchone()
    if row is None:
        raise Refused(404, "intent_not_found")
    return row


def _check_refundable(db: sqlite3.Connection, intent: sqlite3.Row, amount: Decimal) -> None:
    captured = db.execute("SELECT amount FROM capture WHERE intent_id = ?", (intent["id"],)).fetchone()
    if captured is None:
        raise Refused(409, "not_captured", intent)
    earlier = db.execute("SELECT amount FROM refund WHERE intent_id = ?", (intent["id"],)).fetchall()
    if sum((Decimal(row["amount"]) for row in earlier), amount) > Decimal(captured["amount"]):
        raise Refused(409, "refund_exceeds_capture", intent)
