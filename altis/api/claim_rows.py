"""The rows behind idempotency keys: claimed by an insert, answered by a guarded update, read by twins and retries."""

import hashlib
import re
from dataclasses import dataclass

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from altis.api.replies import Reply
from altis.privacy import boxes
from altis.privacy.blind import keyed_digest
from altis.shared.cards import is_card_as_header
from altis.shared.errors import Malformed
from altis.store.claims import InProgress, KeyReused
from altis.store.models import IdempotencyKey

_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_LONGEST_ROUTE = 200
_INSERT = (
    "INSERT INTO {table} (principal, route, key, fingerprint, resource, body) VALUES (%s, %s, %s, %s, %s, '')"
    " ON CONFLICT DO NOTHING RETURNING id"
)


class InvalidKey(Malformed):
    """An Idempotency-Key that is empty, too long, not printable ASCII, or a card number."""

    code = "invalid_idempotency_key"
    message = "An Idempotency-Key has 1 to 255 printable ASCII characters."


@dataclass(frozen=True, slots=True)
class Slot:
    """One key of one principal on one path, and the fingerprint of the request that came with it."""

    principal: str
    route: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, *, principal: str, method: str, path: str, key: str, body: bytes) -> "Slot":
        """The slot of a request; raises InvalidKey. What was sent as the key may be about a person: it is not kept."""
        if not _KEY.fullmatch(key) or is_card_as_header(key):
            raise InvalidKey
        route = f"{method} {path}"
        if len(route) > _LONGEST_ROUTE:
            route = f"{method} {hashlib.sha256(path.encode()).hexdigest()}"
        # Keyed: a body has names and dates of birth, which could be guessed from a plain digest.
        print_of = keyed_digest(b"|".join((method.encode(), path.encode(), body)), "idempotency.body")
        return cls(principal, route, keyed_digest(key.encode(), "idempotency.key"), print_of)

    @property
    def context(self) -> str:
        """What the encrypted answer is bound to."""
        return f"idempotency|{self.route}|{self.key}"


def claim(slot: Slot, resource: str) -> int | None:
    """Insert the slot's row and return its id, or None when there is one; waits for a twin's transaction to end.

    Raises InProgress when the wait is longer than the transaction's lock_timeout.
    """
    statement = _INSERT.format(table=IdempotencyKey._meta.db_table)
    values = [slot.principal, slot.route, slot.key, slot.fingerprint, resource]
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise InProgress from error
        raise
    return row[0] if row else None


def find(slot: Slot) -> IdempotencyKey | None:
    """The slot's row as committed; raises KeyReused when it was another request's."""
    row = IdempotencyKey.objects.filter(principal=slot.principal, route=slot.route, key=slot.key).first()
    if row is not None and row.fingerprint != slot.fingerprint:
        raise KeyReused
    return row


def answer(slot: Slot, row_id: int, reply: Reply) -> bool:
    """Store the reply, encrypted, in a row that has none; False when it has one already."""
    body = boxes.seal_for(slot.principal, slot.context, reply.body.decode())
    waiting = IdempotencyKey.objects.filter(pk=row_id, status__isnull=True)
    return waiting.update(status=reply.status, body=body) == 1


def answered(slot: Slot, row: IdempotencyKey) -> Reply | None:
    """The reply of a finished row, None of an unfinished one; raises Erased (404) after an erasure."""
    if row.status is None:
        return None
    return Reply(row.status, boxes.open_for(slot.principal, slot.context, row.body).encode())
