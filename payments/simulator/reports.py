"""What the ledger says, for checks that compare it with the merchant's own books."""

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
