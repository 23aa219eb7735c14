"""The way to the mail server, for whoever writes to a person."""

import time
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Final

import structlog
from django.core.mail import EmailMessage, get_connection

from altis.accounts.errors import MailNotSent

log = structlog.get_logger(__name__)
# A mail server that hangs must not hold up the sweeps, which the same worker runs.
_PATIENCE_SECONDS: Final = 5
_REST_SECONDS: Final = 30.0
# A server that answers, if only to refuse, costs no waiting.
_ANSWERED: Final = (SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException, ValueError)


def post(message: EmailMessage) -> None:
    """Send an e-mail; raises MailNotSent."""
    _post_office.send(message)


class _PostOffice:
    """Sends until the mail server is silent, and then nothing for a while: each try would cost the same wait."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def send(self, message: EmailMessage) -> None:
        if time.monotonic() < self._rests_until:
            raise MailNotSent
        message.connection = get_connection(timeout=_PATIENCE_SECONDS)
        try:
            message.send()
        except (OSError, ValueError) as error:
            if not isinstance(error, _ANSWERED):
                self._rests_until = time.monotonic() + _REST_SECONDS
            log.warning("e-mail not sent", error=type(error).__name__)
            # Without its cause: the libraries' errors carry the address.
            raise MailNotSent from None


# One per process on purpose: it remembers that the mail server was away.
_post_office = _PostOffice()
