"""Finding a booking by what stands on its documents: the reference, and a traveller's family name."""

from typing import Final

from altis.accounts import attempts
from altis.privacy.blind import blind_index
from altis.shared.errors import NotFound
from altis.shared.ids import REFERENCE_ALPHABET, REFERENCE_LENGTH
from altis.shop.selectors import booking_of

_PURPOSE: Final = "shop.booking"
# No order has it: it is looked for all the same.
_NO_REFERENCE: Final = "-" * REFERENCE_LENGTH


class BookingNotFound(NotFound):
    """Unknown reference or another name: one answer for both."""

    code = "booking_not_found"
    message = "There is no booking with this reference and family name."


def find_booking(*, reference: str, family_name: str) -> str:
    """The id of the order. The same answer and the same work for an unknown reference and a wrong name.

    Nobody's name is opened for it. Raises BookingNotFound, and TooManyAttempts: tries for a reference are counted as
    those to log in are.
    """
    wanted = "".join(reference.upper().split())
    who = blind_index(wanted, _PURPOSE)
    attempts.begin("login", who)
    sound = len(wanted) == REFERENCE_LENGTH and set(wanted) <= set(REFERENCE_ALPHABET)
    order_id = booking_of(wanted if sound else _NO_REFERENCE, family_name)
    if order_id is None:
        raise BookingNotFound
    attempts.succeeded(who)
    return order_id
