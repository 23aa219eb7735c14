"""The limits in the settings, parsed: requests per class, and open holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from altis.store.gcra import Limit
from altis.store.presets import Preset

_RATE = re.compile(r"([a-z_]+)=([1-9][0-9]*)/([1-9][0-9]*):([1-9][0-9]*)")
_HOLDS = re.compile(r"(customer|ip)=([0-9]+)")


@dataclass(frozen=True, slots=True)
class OpenHolds:
    """How many holds may be open at once; None is no cap."""

    customer: int | None
    ip: int | None


def limit_for(rate_class: str) -> Limit | None:
    """The limit of a class, else that of `default`; None when limits are off or the class has none."""
    limits = _present()
    return limits.get(rate_class, limits.get("default")) if rate_class else None


def open_holds() -> OpenHolds:
    """The caps of ALTIS_OPEN_HOLDS; raises ImproperlyConfigured."""
    return _open_holds(settings.ALTIS_OPEN_HOLDS)


@lru_cache(maxsize=8)
def _rate_limits(text: str) -> Mapping[str, Limit]:
    if text.strip() == "off":
        return {}
    limits = {}
    for part in text.split(","):
        match = _RATE.fullmatch(part.strip())
        if match is None:
            raise ImproperlyConfigured(f"ALTIS_RATE_LIMITS: {part!r} is not class=count/seconds:burst")
        limits[match[1]] = Limit(int(match[2]), int(match[3]), int(match[4]))
    return limits


_present = Preset(lambda: _rate_limits(settings.ALTIS_RATE_LIMITS))


@lru_cache(maxsize=8)
def _open_holds(text: str) -> OpenHolds:
    caps: dict[str, int] = {}
    for part in [] if text.strip() == "off" else text.split(","):
        match = _HOLDS.fullmatch(part.strip())
        if match is None:
            raise ImproperlyConfigured(f"ALTIS_OPEN_HOLDS: {part!r} is not customer=number or ip=number")
        caps[match[1]] = int(match[2])
    return OpenHolds(customer=caps.get("customer"), ip=caps.get("ip"))
