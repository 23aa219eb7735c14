"""H7: whatever breaks, replies keep to the contract."""

from collections.abc import Iterator, Sequence
from typing import Final

from bench.torture.history import Call
from bench.torture.verdict import Verdict, Violation, shown

_PROBLEM, _JSON = "application/problem+json", "application/json"
_FIRST_ERROR, _FIRST_FAULT, _UNAVAILABLE = 400, 500, 503
# The customers ask for nothing malformed, so these would be our fault; 404 has its own rule.
_NEVER: Final = frozenset({400, 403, 405, 406, 413, 414, 415, 422, 429, 431})
_NEVER_CODES: Final = frozenset({"not_found", "invalid_credentials"})


def replies(calls: Sequence[Call]) -> Verdict:
    """No 5xx but 503, no page, no refusal without a code, no well-formed request called malformed."""
    answered = [call for call in calls if call.status]
    violations = tuple(Violation(why, shown([call])) for call in answered for why in _faults(call))
    return Verdict("H7", "every reply keeps to the contract: JSON, a code, no 5xx but 503", len(answered), violations)


def _faults(call: Call) -> Iterator[str]:
    if call.status >= _FIRST_FAULT and call.status != _UNAVAILABLE:
        yield f"{call.op} was answered with {call.status}"
    expected = _PROBLEM if call.status >= _FIRST_ERROR else _JSON
    if call.media != expected:
        yield f"{call.op} was answered {call.status} with {call.media or 'nothing'} and not {expected}"
    elif call.status >= _FIRST_ERROR and not call.code:
        yield f"{call.op} was refused with {call.status} and no code"
    if call.status in _NEVER or call.code in _NEVER_CODES:
        yield f"a well-formed {call.op} was refused with {call.status} {call.code}"
