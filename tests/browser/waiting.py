"""Until workers have done what they were asked for."""

from collections.abc import Callable

from tests.payments.simulators import wait_until

_SECONDS, _PAUSE = 60.0, 0.2


def until(condition: Callable[[], bool]) -> None:
    """Returns as soon as it holds; fails when it does not in time."""
    wait_until(condition, _SECONDS, pause=_PAUSE)
