"""The rows behind idempotency keys: claimed by an insert, answered by a guarded update, read by twins and retries."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from altis.api.replies import Reply
from altis.privacy import boxes
from altis.privacy.blind import keyed_digest
from altis.shared.cards import is_card_as_header
from altis.shared.errors import Malformed
from altis.store.claims import InProgress, KeyReused
from altis.store.models import IdempotencyKey
from altis.store.pipeline import put
from altis.store.statements import Answer

_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_LONGEST_ROUTE = 200
_INSERT = (
    b"INSERT INTO store_idempotencykey (principal, route, key, fingerprint, resource, body)"
    b" VALUES ($1, $2, $3, $4, $5, '') ON CONFLICT DO NOTHING RETURNING id"
)
_ANSWER = (
    b"WITH kept AS ("
    b"UPDATE store_idempotencykey SET status = $2, body = $3 WHERE id = $1 AND status IS NULL RETURNING 1"
    b") SELECT altis_expect((SELECT count(*) FROM kept), 1)"
)
_LOCK_NOT_AVAILABLE, _ANSWERED = "55P03", "AL001"


class AlreadyAnswered(Exception):
    """A twin has stored its answer first."""


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


def claim(slot: Slot, resource: str, told: Callable[[int | None], None]) -> None:
    """Queue the insert of the slot's row; `told` hears its id, or None when there is one already.

    The insert waits for a twin's transaction to end; a wait longer than the transaction's lock_timeout is InProgress.
    """

    def check(answer: Answer) -> None:
        rows = answer.rows()
        told(int(str(rows[0][0])) if rows else None)

    values = [slot.principal, slot.route, slot.key, slot.fingerprint, resource]
    put(_INSERT, *values, check=check, refusals={_LOCK_NOT_AVAILABLE: InProgress})


def find(slot: Slot) -> IdempotencyKey | None:
    """The slot's row as committed; raises KeyReused when it was another request's."""
    row = IdempotencyKey.objects.filter(principal=slot.principal, route=slot.route, key=slot.key).first()
    if row is not None and row.fingerprint != slot.fingerprint:
        raise KeyReused
    return row


def answer(slot: Slot, row_id: int, reply: Reply) -> None:
    """Queue the storing of a reply, encrypted, in a row that has none; raises AlreadyAnswered when it has one."""
    body = boxes.seal_for(slot.principal, slot.context, reply.body.decode())
    put(_ANSWER, row_id, reply.status, body, refusals={_ANSWERED: AlreadyAnswered})


def answered(slot: Slot, row: IdempotencyKey) -> Reply | None:
    """The reply of a finished row, None of an unfinished one; raises Erased (404) after an erasure."""
    if row.status is None:
        return None
    return Reply(row.status, boxes.open_for(slot.principal, slot.context, row.body).encode())
