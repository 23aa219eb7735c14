"""Register a customer."""

from django.db import IntegrityError

from altis.accounts.emails import normalised
from altis.accounts.errors import EmailTaken
from altis.accounts.models import User
from altis.accounts.passwords import judge_password
from altis.store.database import command
from altis.store.jobs import enqueue


def register(*, email: str, password: str) -> User:
    """Make an account and have its address verified by e-mail.

    Refuses an address that is none (InvalidEmail) or taken (EmailTaken), and a WeakPassword.
    """
    user = User(email=normalised(email))
    judge_password(password, user, at="/password")
    user.set_password(password)  # slow by design, so before the transaction
    try:
        with command():
            user.save(force_insert=True)
            enqueue("accounts.send_link", user.pk, "verify")
    except IntegrityError as error:
        if "email_index" not in str(error):
            raise
        raise EmailTaken from error
    return user
