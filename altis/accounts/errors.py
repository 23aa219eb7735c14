"""What can go wrong with people and their credentials."""

from altis.shared.errors import Conflict, Invalid, NotFound, TooMany, Unauthenticated, Unavailable


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


class InvalidLink(Invalid):
    """A link that is expired, used, damaged, for something else, or of a person who is gone: one answer for all."""

    code = "invalid_link"
    message = "This link is not valid any more. Ask for a new one."


class TooManyAttempts(TooMany):
    """Too many wrong passwords, or too many e-mails, for one address."""

    code = "too_many_attempts"
    message = "Too many attempts for this address. Try again later."


class MailNotSent(Unavailable):
    """The mail server did not take an e-mail. Says nothing about the person, since it ends in a log."""

    message = "The e-mail could not be sent."


class LastAdministrator(Conflict):
    """Nobody else could give rights, or undo this."""

    code = "last_administrator"
    message = "Nobody else is an administrator: let somebody else in first."


class NotAFilter(Invalid):
    """What was to be kept has no name, no filter, or something in it that is not kept; the detail says which."""

    code = "not_a_filter"
    message = "This cannot be kept as a filter."


class TooManyFilters(TooMany):
    """A list is no place for a hundred names."""

    code = "too_many_filters"
    message = "You keep too many filters of this list: delete one first."


class NoSuchFilter(NotFound):
    """Deleted already, or a colleague's."""

    code = "no_such_filter"
    message = "There is no such saved filter any more."
