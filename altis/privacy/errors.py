"""What can go wrong when personal data is read."""

from altis.shared.errors import NotFound, Unavailable


class Unreadable(Unavailable):
    """The stored text was changed, moved to another row, or its wrapping key is not in the ring. Logged as an alarm."""

    message = "This personal data cannot be read at present."


class Erased(NotFound):
    """The person's data key is gone: what it locked is gone for good."""

    message = "This person's data has been erased."
