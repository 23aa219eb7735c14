"""What a service sees of an idempotency key: it opens a claim with its first statement and seals it with its last.

The claim's row lives in the service's own transaction, so an effect without its answer cannot exist.
"""

from typing import Any, Protocol

from altis.shared.errors import AltisError, Conflict, Invalid


class KeyReused(Invalid):
    """The same idempotency key came with another request."""

    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for another request. Use a new one."


class InProgress(Conflict):
    """The first request under this key has not finished; `resource` is what it works on, when it said so."""

    code = "idempotency_in_progress"
    message = "The first request with this Idempotency-Key is still running. Try again shortly."

    def __init__(self, *, resource: str = "", retry_after: int = 1) -> None:
        super().__init__(retry_after=retry_after)
        self.resource = resource


class Claim(Protocol):
    """One request's hold on its idempotency key. Without a key every method only renders."""

    def open(self, *, resource: str = "") -> None:
        """Claim the key: the first statement of the transaction that does the work.

        Raises InProgress when another request holds it (catch it outside the transaction), KeyReused when it held
        another request, and the stored answer's replay, which is no service's business, when it is finished.
        """
        ...

    def adopt(self) -> None:
        """Take over an unfinished claim (a crash, or a 202) so that `seal` may finish it."""
        ...

    def seal(self, result: Any) -> None:
        """Store the answer made of `result`: the last statement of the transaction that did the work."""
        ...

    def seal_problem(self, error: AltisError) -> None:
        """Store a refusal that changed something, such as a declined payment; raise that same `error` after commit."""
        ...


class _NoClaim:
    """For callers that are no HTTP request: jobs, commands, tests."""

    def open(self, *, resource: str = "") -> None:
        pass

    def adopt(self) -> None:
        pass

    def seal(self, result: Any) -> None:
        pass

    def seal_problem(self, error: AltisError) -> None:
        pass


NO_CLAIM: Claim = _NoClaim()
