"""What is planted in the histories and the kept answers."""

from tests.insight.invariants.corruption import EVENTS, JOURNAL, REFUNDS, Corruption, ledger

HISTORY = (
    Corruption("I27", "a trigger that sleeps", f"ALTER TABLE {EVENTS} DISABLE TRIGGER USER"),
    Corruption("I27", "a trigger that is gone", f"DROP TRIGGER {REFUNDS}_is_history ON {REFUNDS}"),
    Corruption(
        "I27",
        "a trigger that lets updates pass",
        f"""DROP TRIGGER {JOURNAL}_is_history ON {JOURNAL};
CREATE TRIGGER {JOURNAL}_is_history BEFORE DELETE ON {JOURNAL} FOR EACH ROW EXECUTE FUNCTION altis_refuse_change()""",
    ),
    Corruption("I28", "a line of nobody's", f"UPDATE {JOURNAL} SET actor = '' WHERE version = 1", JOURNAL),
    Corruption("I28", "an event of nobody's", f"UPDATE {EVENTS} SET actor = 'somebody' WHERE sequence = 1", EVENTS),
    Corruption("I28", "an event without a reason", f"UPDATE {EVENTS} SET reason = '' WHERE sequence = 1", EVENTS),
    Corruption("I10 I28", "overbooking that nobody decided", ledger("forced_over = 5")),
    Corruption("I33", "an answer without a body", "UPDATE store_idempotencykey SET body = ''"),
    Corruption("I33", "an answer about nothing", "UPDATE store_idempotencykey SET resource = 'ord_x'"),
    Corruption(
        "I33",
        "an effect without its answer",
        """UPDATE store_idempotencykey SET status = NULL, body = '',
        resource = '{fulfilled}'""",
    ),
)
