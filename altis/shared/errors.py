"""What can go wrong, as kinds: the domain raises them, one handler turns a kind into HTTP.

AltisError
├── Malformed        cannot be parsed, or breaks a protocol rule
├── Unauthenticated  no token, or one that is not valid
├── Declined         the payment was refused
├── Forbidden        the token's kind or role may not do this
├── NotFound         unknown, or not yours
├── Conflict         the state of things does not allow it
├── Gone             past its deadline
├── Invalid          parsed, but breaks a rule
├── TooMany          a limit is reached
└── Unavailable      something we depend on is down
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One invalid value: a JSON pointer to it, a stable code and a sentence that does not repeat the value."""

    pointer: str
    code: str
    detail: str


class AltisError(Exception):
    """Base of every refusal. `code` is stable and for programs, `message` is for people."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "The request could not be carried out."

    def __init__(self, detail: str = "", *, retry_after: int | None = None, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail or self.message)
        self.detail = detail or self.message
        self.retry_after = retry_after
        self.faults = tuple(faults)


class Malformed(AltisError):
    """Cannot be parsed, or breaks a protocol rule."""

    code = "malformed_request"
    message = "The request cannot be read."


class Unauthenticated(AltisError):
    """No token, or one that is not valid. One body for every cause."""

    code = "invalid_token"
    message = "A valid bearer token is required."


class Declined(AltisError):
    """The payment gateway refused the payment."""

    code = "payment_declined"
    message = "The payment was declined."


class Forbidden(AltisError):
    """The token's kind or role may not call this operation."""

    code = "forbidden"
    message = "This token may not do that."


class NotFound(AltisError):
    """Unknown, or not the caller's."""

    code = "not_found"
    message = "There is nothing here."


class Conflict(AltisError):
    """The state of things does not allow it."""

    code = "conflict"
    message = "This cannot be done in the present state."


class Gone(AltisError):
    """Past its deadline."""

    code = "gone"
    message = "This is past its deadline."


class Invalid(AltisError):
    """Parsed, but breaks a rule. With several faults the code is theirs when they agree."""

    code = "validation_failed"
    message = "The request breaks a rule."

    @classmethod
    def at(cls, pointer: str, detail: str = "") -> "Invalid":
        """This error about one value, named by its JSON pointer."""
        return cls(detail, faults=(Fault(pointer, cls.code, detail or cls.message),))


class TooMany(AltisError):
    """A limit is reached; `retry_after` says in how many seconds to try again."""

    code = "rate_limited"
    message = "Too many requests. Slow down."


class Unavailable(AltisError):
    """Something we depend on is down; the same request may succeed in a moment."""

    code = "unavailable"
    message = "A service that this needs is not available. Try again shortly."
