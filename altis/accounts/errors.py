"""What can go wrong with people and their credentials."""

from altis.shared.errors import Conflict, Invalid, Unauthenticated


class InvalidCredentials(Unauthenticated):
    """Unknown address, wrong password or an account that is shut: one answer for all."""

    code = "invalid_credentials"
    message = "The e-mail address or the password is wrong."


class EmailTaken(Conflict):
    """Somebody is registered under this address."""

    code = "email_taken"
    message = "This e-mail address is registered already."


class WeakPassword(Invalid):
    """The password breaks a rule; the detail says which."""

    code = "weak_password"
    message = "The password is too weak."


class InvalidEmail(Invalid):
    """Not an e-mail address."""

    code = "invalid_email"
    message = "This is not an e-mail address."
