"""Idempotency keys at the door: a view opens a scope, the service claims and seals in its own transaction.

    with claim_for(request, status=201, render=present_order) as claim:
        place_order(..., **read(Accept, request), claim=claim)
    return claim.response()

`read` stands inside the scope, so that a reused key is recognised before the new body is judged.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from django.db import connection
from django.http import HttpResponse
from rest_framework.request import Request

from altis.api import claim_rows
from altis.api.auth import caller_of
from altis.api.claim_rows import AlreadyAnswered, InvalidKey, Slot
from altis.api.problems import refusal
from altis.api.rendering import to_json
from altis.api.replies import Replay, Reply
from altis.shared.errors import AltisError
from altis.store.claims import InProgress
from altis.store.pipeline import flush

__all__ = ["ClaimScope", "InvalidKey", "Replay", "claim_for"]

T = TypeVar("T")


def claim_for(
    request: Request, *, status: int, render: Callable[[T], Mapping[str, Any]], location: str = ""
) -> "ClaimScope[T]":
    """The scope of this request's Idempotency-Key, or one that only renders when there is no key.

    Raises InvalidKey. `status` and `render` make the reply of what the service seals; `location` is the address of the
    claimed resource, with {} for its id, for a replay's header.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return ClaimScope(slot=None, status=status, render=render)
    caller = caller_of(request)
    if caller is None:
        raise RuntimeError("keys are scoped to a token's subject: a public view has none")
    slot = Slot.of(
        principal=caller.id,
        method=str(request.method),
        path=request.path,
        key=key,
        body=request._request.body,
    )
    return ClaimScope(slot=slot, status=status, render=render, location=location)


class ClaimScope(Generic[T]):
    """A Claim (see altis.store.claims) and the reply that comes of it."""

    def __init__(
        self, *, slot: Slot | None, status: int, render: Callable[[T], Mapping[str, Any]], location: str = ""
    ) -> None:
        self._slot, self._status, self._render, self._location = slot, status, render, location
        self._row_id: int | None = None
        self._asked = False  # the claim is queued, and not answered
        self._reply: Reply | None = None
        self._sealed_error: AltisError | None = None

    def open(self, *, resource: str = "") -> None:
        """Claim the key; raises InProgress, KeyReused, or the stored answer as Replay."""
        self._row_id, self._reply, self._sealed_error, self._asked = None, None, None, False
        if self._slot is None:
            return
        if not connection.in_atomic_block:
            raise RuntimeError("a claim is opened in the transaction of its effect")
        self._claim(self._slot, resource, rounds=2)

    def adopt(self) -> None:
        """Take over the unfinished row of this key; raises the stored answer as Replay when it is finished."""
        if self._slot is None or self._row_id is not None:
            return  # the row that this very call has made needs no looking for
        row = claim_rows.find(self._slot)
        reply = claim_rows.answered(self._slot, row) if row else None
        if reply is not None:
            raise Replay(reply)
        self._row_id = row.pk if row else None

    def seal(self, result: T) -> None:
        """Render `result` as the reply and store it; when a twin has answered meanwhile the scope ends in Replay."""
        self._keep(Reply(self._status, to_json(self._render(result))))

    def seal_problem(self, error: AltisError) -> None:
        """Store this refusal as the reply; it is given when the same error leaves the scope."""
        self._keep(refusal(error))
        self._sealed_error = error

    def response(
        self, result: T | None = None, *, status: int | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """What was sealed; else `result` under `status`, not stored: a 202 gives way to the final answer."""
        reply = self._reply
        if reply is None:
            if result is None:
                raise RuntimeError("nothing was sealed, and there is nothing to render")
            reply = Reply(status or self._status, to_json(self._render(result)))
        response = reply.response()
        for name, value in (headers or {}).items():
            response[name] = value
        return response

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, AlreadyAnswered) and self._slot is not None:
            self._raise_stored(self._slot)
        if not isinstance(error, AltisError):
            return
        if error is self._sealed_error and self._reply is not None:
            raise Replay(self._reply, first=True) from error
        if self._slot is not None:
            # The work may have been done by an earlier call whose reply was lost: its answer comes first.
            self._raise_stored(self._slot, unless_ours=True)

    def _claim(self, slot: Slot, resource: str, *, rounds: int) -> None:
        """The second round is for a row that the purge deleted between our insert and our look."""

        def told(row_id: int | None) -> None:
            self._row_id, self._asked = row_id, False
            if row_id is None:
                self._raise_stored(slot)
                if rounds > 1:
                    self._claim(slot, resource, rounds=rounds - 1)

        self._asked = True
        claim_rows.claim(slot, resource, told)

    def _keep(self, reply: Reply) -> None:
        if self._asked:
            flush()  # no service needed an answer so far: whose the key is has to be known before anything is kept
        if self._slot is not None and self._row_id is not None:
            claim_rows.answer(self._slot, self._row_id, reply)
        self._reply = reply

    def _raise_stored(self, slot: Slot, *, unless_ours: bool = False) -> None:
        row = claim_rows.find(slot)
        if row is None:
            return
        reply = claim_rows.answered(slot, row)
        if reply is not None:
            raise Replay(replace(reply, location=self._location.format(row.resource)))
        if not (unless_ours and row.pk == self._row_id):
            raise InProgress(resource=row.resource)
