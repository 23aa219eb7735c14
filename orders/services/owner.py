"""The account behind a new order."""

from altis.shared.errors import Unauthenticated
from altis.store.pipeline import put
from altis.store.statements import Answer

# The same lock that the order's foreign key takes: it meets an erasure's, and no other order's.
_LOCK = b"SELECT 1 FROM accounts_user WHERE id = $1 AND is_active FOR KEY SHARE"
_IN_TURN = _LOCK.replace(b"SELECT 1", b"SELECT pg_advisory_xact_lock(hashtextextended($2, 0))")


def check_owner(owner_id: str, *, in_turn: bool = False) -> None:
    """Pass while the account is open, and keep it from being erased until the transaction ends.

    `in_turn`: one transaction of an owner after the other; statements behind this one see what those before have done.
    Raises Unauthenticated: a token may be believed for some seconds after its account was shut.
    """
    if in_turn:
        put(_IN_TURN, owner_id, f"holds:{owner_id}", check=_check)
    else:
        put(_LOCK, owner_id, check=_check)


def _check(found: Answer) -> None:
    if not found.count():
        raise Unauthenticated
