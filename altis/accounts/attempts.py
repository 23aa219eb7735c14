"""How often a password may be tried, or an e-mail asked for, per address: in Redis, or in this process without it.

A try is counted before its password is hashed, so that parallel guesses cannot outrun the count, and a success forgets
all of them. GCRA spreads the tries that are left evenly: nobody is locked out for longer than one interval. An address
that nobody has is counted like any other, and Redis knows addresses by their blind index only.
"""

import math
import os
import re
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from altis.accounts.emails import INDEX_PURPOSE, index_of
from altis.accounts.errors import InvalidEmail, TooManyAttempts
from altis.privacy.blind import blind_index
from altis.privacy.cache import ExpiringCache
from altis.store.redis import StoreDown, client, reaching_redis, script
from altis.telemetry import metrics

Kind = Literal["login", "mail"]
log = structlog.get_logger(__name__)
_SCRIPT: Final = Path(__file__).parent / "lua" / "attempt.lua"
_ALLOWANCE = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})")
_MOST_KEYS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """`tries` at once, and as many again in `seconds`."""

    tries: int
    seconds: int

    @property
    def interval_us(self) -> int:
        """Microseconds until one more try is allowed."""
        return self.seconds * 1_000_000 // self.tries


# Not a setting: more e-mails than these help nobody, and fill the box of somebody who asked for none.
_MAILS: Final = Allowance(3, 900)


def party(email: str) -> str:
    """What tries for this address are counted under: its blind index, also when it is no address at all."""
    try:
        return index_of(email)
    except InvalidEmail:
        return blind_index(email, INDEX_PURPOSE)


def begin(kind: Kind, who: str) -> None:
    """Count one try of the party, before it is made; raises TooManyAttempts, which says when the next one may be."""
    logins = _logins(settings.ALTIS_LOGIN_FAILURES)
    if logins is None:
        return
    allowance = logins if kind == "login" else _MAILS
    wait = _take(_key(kind, who), allowance)
    if wait:
        metrics.rate_limited.labels(kind).inc()
        raise TooManyAttempts(retry_after=math.ceil(wait / 1_000_000))


def succeeded(who: str) -> None:
    """Forget the party's tries to log in: this one was right."""
    key = _key("login", who)
    _local.forget(key)
    try:
        with reaching_redis():
            client().delete(key)
    except StoreDown:
        log.warning("attempts are not forgotten: redis is away")


def _take(key: str, allowance: Allowance) -> int:
    try:
        with reaching_redis():
            wait = script(_SCRIPT)(keys=[key], args=[allowance.interval_us, allowance.tries], client=client())
    except StoreDown:
        log.warning("attempts are counted locally: redis is away")
        return _local.take(key, allowance)
    return int(wait)


class _Local:
    """As the script, for one process: its share of the tries, at least one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due: ExpiringCache[str, int] = ExpiringCache(capacity=_MOST_KEYS, seconds=3600)

    def take(self, key: str, allowance: Allowance) -> int:
        workers = max(1, int(os.environ.get("ALTIS_API_WORKERS", "2")))
        interval, burst = allowance.interval_us * workers, max(1, allowance.tries // workers)
        with self._lock:
            now = time.monotonic_ns() // 1000
            due = max(self._due.get(key) or 0, now) + interval
            wait = due - now - burst * interval
            if wait > 0:
                return wait
            self._due.put(key, due)
        return 0

    def forget(self, key: str) -> None:
        self._due.drop(key)


def _key(kind: Kind, who: str) -> str:
    return f"attempts:{kind}:{who}"


@lru_cache(maxsize=8)
def _logins(text: str) -> Allowance | None:
    if text.strip() == "off":
        return None
    match = _ALLOWANCE.fullmatch(text.strip())
    if match is None:
        raise ImproperlyConfigured("ALTIS_LOGIN_FAILURES is neither tries/seconds nor off")
    return Allowance(int(match[1]), int(match[2]))


# One per process on purpose: it stands in for Redis.
_local = _Local()
