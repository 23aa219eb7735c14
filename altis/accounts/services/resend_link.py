"""Send the link that verifies an e-mail address once more."""

from altis.accounts import attempts
from altis.accounts.models import User
from altis.accounts.selectors import active_account
from altis.store.jobs import enqueue


def resend_link(*, user_id: str) -> User:
    """Have the link sent, unless the address is verified already; raises TooManyAttempts."""
    user = active_account(user_id)
    if user.email_verified_at is None:
        attempts.begin("mail", user.email_index)
        enqueue("accounts.send_link", user.pk, "verify")
    return user
