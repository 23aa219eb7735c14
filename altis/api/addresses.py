"""Where a request comes from, as far as it can be trusted."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

_LONGEST = 64  # that is worth remembering
# As some proxies write it: 203.0.113.1:4711, [2001:db8::1] or [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15}))(?::[0-9]{1,5})?")


def client_ip(request: HttpRequest | Request) -> str:
    """The caller's address: the peer's, or what the outermost of our own proxies saw. Spoofed entries do not count.

    With ALTIS_TRUSTED_PROXY_COUNT=n it is the n-th entry from the right of X-Forwarded-For.
    """
    return address_from(str(request.META.get("REMOTE_ADDR", "")), str(request.META.get("HTTP_X_FORWARDED_FOR", "")))


def address_from(peer: str, forwarded: str) -> str:
    """The same from the peer's address and the text of X-Forwarded-For."""
    hops = settings.ALTIS_TRUSTED_PROXY_COUNT
    if hops < 1:
        return _normal(peer) or "unknown"
    entries = forwarded.rsplit(",", hops)
    claimed = entries[-hops] if len(entries) >= hops else ""
    return _normal(claimed) or _normal(peer) or "unknown"


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """What a limit is counted on: an IPv4 address, or the /64 of an IPv6 address, since one caller owns all of it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


def _normal(text: str) -> str:
    """One spelling of an address, without port and zone; empty when it is none."""
    bare = text.strip(" \t")
    return _parsed(bare) if len(bare) <= _LONGEST else _parsed.__wrapped__(bare)


@lru_cache(maxsize=4096)
def _parsed(bare: str) -> str:
    match = _WITH_PORT.fullmatch(bare)
    if match:
        bare = match[1] or match[2]
    try:
        parsed: IPv4Address | IPv6Address = ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)
