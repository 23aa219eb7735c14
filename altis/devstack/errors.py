"""What can end a stack: a problem to tell the person at the terminal, or their wish to stop."""


class StackError(Exception):
    """The stack cannot start or go on; the text is for a person and says what to do."""


class AlreadyRunning(StackError):
    """Another stack holds the lock of this state folder."""


class PortTaken(StackError):
    """Something else listens on the port that was asked for."""


class StopRequested(Exception):
    """A signal asked the stack to stop. Not a failure."""
