"""What can keep a demo from being made."""

from altis.shared.errors import Unavailable


class DemoError(Unavailable):
    """Something that the demo needs is missing; the detail says what."""

    code = "demo_not_possible"
    message = "The demo cannot be made."
