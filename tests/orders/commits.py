"""A COMMIT whose answer is lost."""

from django.db import OperationalError, connections


class Commit:
    """Takes the place of the connection's next COMMIT: does it or not, and loses the answer."""

    def __init__(self, *, done: bool) -> None:
        self.done, self.connection = done, connections["default"]
        vars(self.connection)["commit"] = self

    def __call__(self) -> None:
        del vars(self.connection)["commit"]
        if self.done:
            self.connection.commit()
        raise OperationalError("server closed the connection unexpectedly")
