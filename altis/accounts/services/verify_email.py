"""Believe that an e-mail address is its owner's."""

from django.db.models.functions import Coalesce

from altis.accounts.links import person_of
from altis.accounts.models import User
from altis.store.database import DbNow


def verify_email(*, token: str) -> User:
    """Mark the address verified that the link was sent to; raises InvalidLink. A second use changes nothing."""
    user = person_of(token, "verify")
    User.objects.filter(pk=user.pk, email_index=user.email_index).update(
        email_verified_at=Coalesce("email_verified_at", DbNow())
    )
    return user
