"""E-mail addresses: one spelling per mailbox, and the blind index that finds it."""

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from altis.accounts.errors import InvalidEmail
from altis.privacy.blind import blind_index

MAX_LENGTH = 254
# The library's documented switch: an in-house domain such as `.local` or `.test` has mailboxes too.
SPECIAL_USE_DOMAIN_NAMES.clear()
# Small letters and digits in ordinary places: nearly every address, and the library would keep each as it is.
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@[^@]{1,63}\Z)[a-z0-9]+(?:[._+-][a-z0-9]+)*@[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*)+"
)
INDEX_PURPOSE = "accounts.user.email"


def normalised(email: str) -> str:
    """The address with its domain in one spelling; raises InvalidEmail. Syntax only: no name is looked up."""
    if _PLAIN.fullmatch(email):
        return email
    if len(email) > MAX_LENGTH:
        raise InvalidEmail.at("/email")
    try:
        found = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise InvalidEmail.at("/email") from error
    if "." not in found.domain:
        raise InvalidEmail.at("/email")
    return found.normalized


def index_of(email: str) -> str:
    """The blind index of an address, whatever its case; raises InvalidEmail."""
    return blind_index(normalised(email), INDEX_PURPOSE)
