"""E-mail addresses: one spelling per mailbox, and the blind index that finds it."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from altis.accounts.errors import InvalidEmail
from altis.privacy.blind import blind_index

MAX_LENGTH = 254
# The library's documented switch: an in-house domain such as `.local` or `.test` has mailboxes too.
SPECIAL_USE_DOMAIN_NAMES.clear()
INDEX_PURPOSE = "accounts.user.email"


def normalised(email: str) -> str:
    """The address with its domain in one spelling; raises InvalidEmail. Syntax only: no name is looked up."""
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
