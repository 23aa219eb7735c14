"""Write a person an e-mail with a link."""

from typing import Final, cast

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from altis.accounts.links import PATHS, Purpose, lifetime, link_for
from altis.accounts.mail import post
from altis.accounts.models import User
from altis.privacy.errors import Unreadable

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
    post(EmailMessage(_SUBJECTS[kind], text, to=[address]))
    return True
