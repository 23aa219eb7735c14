"""Until workers have done what they were asked for."""

import time
from collections.abc import Callable

_SECONDS, _PAUSE = 60.0, 0.2


def until(condition: Callable[[], bool]) -> None:
    """Returns as soon as it holds; fails when it does not in time."""
    end = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < end, "it has not come about in time"
        time.sleep(_PAUSE)
