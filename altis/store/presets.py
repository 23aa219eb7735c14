"""Settings on the hottest paths, where Django's own look-up would cost more than what is done with the value."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.core.signals import setting_changed

T = TypeVar("T")


class Preset(Generic[T]):
    """What some settings come to: worked out once, and anew after a test has changed a setting."""

    __slots__ = ("_known", "_read")

    def __init__(self, read: Callable[[], T]) -> None:
        """`read` works it out; whatever it raises is raised by the calls, each time anew."""
        self._read = read
        self._known: tuple[T, ...] = ()
        setting_changed.connect(self._forget, weak=False)

    def __call__(self) -> T:
        """The value under the present settings."""
        known = self._known
        if not known:
            known = self._known = (self._read(),)
        return known[0]

    def _forget(self, **_: Any) -> None:
        self._known = ()
