"""The magic tokens: what each one makes the simulator do (docs/api.md, Payments)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Effect(StrEnum):
    """What a confirmation does to the intent, and how the caller hears of it."""

    CAPTURE = "capture"  # captured at once, answered at once
    DECLINE = "decline"  # nothing charged, answered at once
    PEND = "pend"  # captured later, told by webhook only
    WITHHOLD = "withhold"  # captured at once, the answer comes too late
    CRASH = "crash"  # nothing charged, answered with 500


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One token's effect; the decline fields are set for DECLINE only."""

    effect: Effect
    decline_code: str | None = None
    retryable: bool = False


TOKENS: Final = {
    "tok_visa": Behaviour(Effect.CAPTURE),
    "tok_declined": Behaviour(Effect.DECLINE, "card_declined", retryable=True),
    "tok_insufficient_funds": Behaviour(Effect.DECLINE, "insufficient_funds", retryable=True),
    "tok_stolen_card": Behaviour(Effect.DECLINE, "stolen_card"),
    "tok_pending": Behaviour(Effect.PEND),
    "tok_timeout": Behaviour(Effect.WITHHOLD),
    "tok_error": Behaviour(Effect.CRASH),
}


def behaviour_of(token: str) -> Behaviour:
    """The token's behaviour; a token nobody issued is a decline that another card may mend."""
    return TOKENS.get(token, Behaviour(Effect.DECLINE, "invalid_token", retryable=True))
