"""The account behind a new order."""

from django.db import connection

from altis.shared.errors import Unauthenticated


def check_owner(owner_id: str) -> None:
    """Pass while the account is open, and keep it from being erased until the transaction ends.

    Raises Unauthenticated: a token may be believed for some seconds after its account was shut.
    """
    with connection.cursor() as cursor:
        # The same lock that the order's foreign key takes: it meets an erasure's, and no other order's.
        cursor.execute("SELECT 1 FROM accounts_user WHERE id = %s AND is_active FOR KEY SHARE", [owner_id])
        if cursor.fetchone() is None:
            raise Unauthenticated
