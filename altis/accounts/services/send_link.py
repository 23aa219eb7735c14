"""Write a person an e-mail with a link."""

import time
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Final, cast

import structlog
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from altis.accounts.errors import MailNotSent
from altis.accounts.links import PATHS, Purpose, lifetime, link_for
from altis.accounts.models import User
from altis.privacy.errors import Unreadable

log = structlog.get_logger(__name__)
# A mail server that hangs must not hold up the sweeps, which the same worker runs.
_PATIENCE_SECONDS: Final = 5
_REST_SECONDS: Final = 30.0
# A server that answers, if only to refuse, costs no waiting.
_ANSWERED: Final = (SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException, ValueError)
_SUBJECTS: Final = {"verify": "Please confirm your e-mail address", "reset": "Choose a new password"}


def send_link(*, user_id: str, purpose: str) -> bool:
    """Send the link; False, and nothing is sent, to somebody who is gone or needs none. Raises MailNotSent."""
    if purpose not in PATHS:
        return False
    kind = cast("Purpose", purpose)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or (kind == "verify" and user.email_verified_at):
        return False
    try:
        address = str(user.email or "")
    except Unreadable:
        address = ""
    if not address:
        return False
    context = {"link": link_for(user, kind), "hours": max(1, lifetime(kind) // 3600)}
    text = render_to_string(f"accounts/{kind}.txt", context)
    _post_office.send(EmailMessage(_SUBJECTS[kind], text, to=[address]))
    return True


def post(message: EmailMessage) -> None:
    """Send any other e-mail in the same way; raises MailNotSent."""
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
