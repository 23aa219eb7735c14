"""What an authenticator app shows."""

import base64

from django_otp.oath import TOTP

from altis.accounts.models import User
from altis.accounts.second_factor.models import Authenticator
from altis.accounts.second_factor.services.enrol import begin_enrolment, confirm_enrolment
from altis.store.database import db_clock


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code of now, or of so many 30-second steps from now."""
    totp = TOTP(base64.b32decode(secret))
    totp.time = db_clock().timestamp() + 30 * steps
    return f"{totp.token():06}"


def enrolled(user: User) -> tuple[str, list[str]]:
    """The secret in force and the recovery codes. The code of the step before was used: that of now is still good."""
    secret = str(begin_enrolment(user=user).secret)
    _, codes = confirm_enrolment(user=user, code=code_of(secret, steps=-1))
    return secret, codes


def device_of(user: User) -> Authenticator:
    """The authenticator in force."""
    return Authenticator.objects.get(user=user, confirmed=True)
