"""What the ledger says, for checks that compare it with the merchant's own books."""

import time
from dataclasses import dataclass
from typing import Any, Final

from payments.simulator.ledger import Ledger

CAPTURES: Final = """
SELECT c.intent_id, i.key AS payment_id, c.amount, c.currency, c.captured_at
FROM capture c JOIN intent i ON i.id = c.intent_id ORDER BY c.captured_at
"""
REFUNDS: Final = """
SELECT r.id, r.key, r.intent_id, i.key AS payment_id, r.amount, r.currency, r.refunded_at
FROM refund r JOIN intent i ON i.id = r.intent_id ORDER BY r.refunded_at
"""
# One sequence of both, by time and id: a refund always stands after its capture.
PAGE: Final = """
SELECT 'capture' AS kind, c.intent_id AS id, c.intent_id, i.key AS payment_id, '' AS key, c.amount, c.currency,
       c.captured_at AS at
FROM capture c JOIN intent i ON i.id = c.intent_id
WHERE c.captured_at >= :since AND (c.captured_at, c.intent_id) > (:at, :id)
UNION ALL
SELECT 'refund', r.id, r.intent_id, i.key, r.key, r.amount, r.currency, r.refunded_at
FROM refund r JOIN intent i ON i.id = r.intent_id
WHERE r.refunded_at >= :since AND (r.refunded_at, r.id) > (:at, :id)
ORDER BY at, id LIMIT :limit
"""
PAGE_SIZE: Final = 1000
EVENTS: Final = """
SELECT count(*) FILTER (WHERE delivered_at IS NOT NULL) AS delivered,
       count(*) FILTER (WHERE next_attempt_at IS NOT NULL) AS waiting
FROM event
"""


def ledger_report(ledger: Ledger) -> dict[str, Any]:
    """Every capture and refund, oldest first, and how many events are delivered and waiting. Times are Unix seconds."""
    with ledger.transaction() as db:
        return {
            "captures": [dict(row) for row in db.execute(CAPTURES)],
            "refunds": [dict(row) for row in db.execute(REFUNDS)],
            "events": dict(db.execute(EVENTS).fetchone()),
        }


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ends: the time and the id of its last entry. As text `1700000000.25,int_9f`."""

    at: float = 0.0
    id: str = ""

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that `str()` gave, or the beginning for an empty text; raises ValueError."""
        if not text:
            return cls()
        at, comma, id = text.partition(",")
        if not comma:
            raise ValueError("no cursor")
        return cls(float(at), id)

    def __str__(self) -> str:
        return f"{self.at!r},{self.id}"


def ledger_page(ledger: Ledger, *, since: float, after: Cursor) -> dict[str, Any]:
    """One page of captures and refunds, oldest first, the cursor of the next page or "", and the gateway's time."""
    asked = {"since": since, "at": after.at, "id": after.id, "limit": PAGE_SIZE}
    with ledger.transaction() as db:
        entries = [dict(row) for row in db.execute(PAGE, asked)]
        told_at = time.time()
    more = len(entries) == PAGE_SIZE
    return {
        "entries": entries,
        "next": str(Cursor(entries[-1]["at"], entries[-1]["id"])) if more else "",
        "told_at": told_at,
    }
