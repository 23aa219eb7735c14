"""What is planted against those who were erased."""

from tests.insight.invariants.corruption import Corruption

_OWNER = "(SELECT owner_id FROM orders_order WHERE id = '{fulfilled}')"
_PASSENGERS = "(SELECT id FROM orders_passenger WHERE order_id = '{fulfilled}')"
_LOG = f"INSERT INTO privacy_erasurelog (subject, actor, reason) SELECT {_OWNER}, 'system:test', 'planted'"

PRIVACY = (
    Corruption("I26", "somebody erased who has a data key", _LOG),
    Corruption(
        "I26",
        "a passenger of an erased owner who can be read",
        f"""DELETE FROM privacy_subjectkey WHERE subject = {_OWNER};
{_LOG}""",
    ),
    Corruption(
        "I26",
        "an erased passenger who is still found by name",
        f"""DELETE FROM privacy_subjectkey WHERE subject IN {_PASSENGERS};
INSERT INTO privacy_erasurelog (subject, actor, reason)
SELECT id, 'system:test', 'planted' FROM orders_passenger WHERE id IN {_PASSENGERS}""",
    ),
    Corruption("I27", "a log of erasures that may be changed", "ALTER TABLE privacy_erasurelog DISABLE TRIGGER USER"),
)
