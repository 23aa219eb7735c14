"""Register a customer."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from altis.accounts.emails import normalised
from altis.accounts.errors import EmailTaken, WeakPassword
from altis.accounts.models import User
from altis.store.database import command


def register(*, email: str, password: str) -> User:
    """Make an account. Refuses an address that is none (InvalidEmail) or taken (EmailTaken), and a WeakPassword."""
    user = User(email=normalised(email))
    _judge(password, user)
    user.set_password(password)  # slow by design, so before the transaction
    try:
        with command():
            user.save(force_insert=True)
    except IntegrityError as error:
        if "email_index" not in str(error):
            raise
        raise EmailTaken from error
    return user


def _judge(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword.at("/password", " ".join(error.messages)) from error
