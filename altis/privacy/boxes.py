"""Text sealed for a person outside model fields, such as the stored answer of an idempotent request."""

import structlog

from altis.privacy.envelope import Tampered, open_sealed, place, seal
from altis.privacy.errors import Erased, Unreadable
from altis.privacy.keys import data_key

__all__ = ["Erased", "Unreadable", "open_for", "opens", "seal_for"]
log = structlog.get_logger(__name__)


def seal_for(subject: str, context: str, text: str) -> str:
    """An envelope that opens for this person and context only. `context` is any text, such as route and key."""
    return seal(text, data_key(subject, create=True), place("box", context, subject))


def open_for(subject: str, context: str, sealed: str) -> str:
    """What was sealed; raises Erased when the person is gone, Unreadable when it is not what was sealed."""
    try:
        return open_sealed(sealed, data_key(subject), place("box", context, subject))
    except Tampered as error:
        log.error("sealed text unreadable", subject=subject)
        raise Unreadable from error


def opens(subject: str, context: str, sealed: str, key: bytes) -> bool:
    """Whether sealed text opens with this data key. For checks: nothing is logged or kept."""
    try:
        open_sealed(sealed, key, place("box", context, subject))
    except Tampered:
        return False
    return True
