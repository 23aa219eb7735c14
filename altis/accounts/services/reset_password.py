"""Set a password that was forgotten: ask for a link, then use it."""

from django.db.models.functions import Coalesce

from altis.accounts import attempts
from altis.accounts.credentials import user_by_email
from altis.accounts.emails import normalised
from altis.accounts.errors import InvalidLink, TooManyAttempts
from altis.accounts.links import person_of
from altis.accounts.models import User
from altis.accounts.passwords import judge_password, replace_password
from altis.shared.ids import new_id
from altis.store.database import DbNow
from altis.store.jobs import enqueue


def request_reset(*, email: str) -> None:
    """Have a link sent to this address, if somebody has it; raises InvalidEmail.

    Known or not, the same is done in the same time: for an address that nobody has, a worker is asked to write to a
    person that there is not. Too many requests for one address are passed over in silence.
    """
    address = normalised(email)
    try:
        attempts.begin("mail", attempts.party(address))
    except TooManyAttempts:
        return
    user = user_by_email(address)
    enqueue("accounts.send_link", user.pk if user else new_id("usr"), "reset")


def reset_password(*, token: str, new_password: str) -> User:
    """Give the person of a reset link another password; every session of theirs ends. The link proves the address too.

    Raises InvalidLink, also for the second use of a link, and WeakPassword, which leaves the link as it was.
    """
    user = person_of(token, "reset")
    judge_password(new_password, user, at="/new_password")
    verified = Coalesce("email_verified_at", DbNow())
    if not replace_password(user, new_password, email_verified_at=verified):
        raise InvalidLink.at("/token")
    attempts.succeeded(user.email_index)
    return user
