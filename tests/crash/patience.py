"""How long the database bears with a process that hangs: milliseconds here, ten seconds and more in production.

The limit is set as the process falls asleep. Set any earlier, it would strike down a process that is merely slow.
"""

from django.db import connection

from altis.store import failpoints

IDLE_MS = 400


def shorten(*, leads: bool) -> None:
    """Have whoever hangs in a transaction thrown out soon, and a relay (`leads`) that hangs anywhere."""
    hang = failpoints._hang

    def fall_asleep(name: str, seconds: float) -> None:
        limits = ["idle_in_transaction_session_timeout", *(["idle_session_timeout"] if leads else [])]
        if connection.in_atomic_block or leads:
            with connection.cursor() as cursor:
                for limit in limits:
                    cursor.execute(f"SET {limit} = {IDLE_MS}")
        hang(name, seconds)

    failpoints._hang = fall_asleep
