"""How often a password may be tried, or an e-mail asked for, per address: in Redis, or in this process without it.

A try is counted before its password is hashed, so that parallel guesses cannot outrun the count, and a success forgets
all of them. GCRA spreads the tries that are left evenly: nobody is locked out for longer than one interval. An address
that nobody has is counted like any other, and Redis knows addresses by their blind index only.
"""

import math
import re
from functools import lru_cache
from typing import Final, Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from altis.accounts.emails import INDEX_PURPOSE, index_of
from altis.accounts.errors import InvalidEmail, TooManyAttempts
from altis.privacy.blind import blind_index
from altis.store.gcra import Limit, Limiter
from altis.telemetry import metrics

Kind = Literal["login", "mail"]
_ALLOWANCE = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})")


def _allowance(tries: int, seconds: int) -> Limit:
    """`tries` at once, and as many again in `seconds`."""
    return Limit(tries, seconds, burst=tries)


# Not a setting: more e-mails than these help nobody, and fill the box of somebody who asked for none.
_MAILS: Final = _allowance(3, 900)


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
    taken = _limiter.take([_key(kind, who)], logins if kind == "login" else _MAILS)
    if not taken.allowed:
        metrics.rate_limited.labels(kind).inc()
        raise TooManyAttempts(retry_after=math.ceil(taken.wait_us / 1_000_000))


def succeeded(who: str) -> None:
    """Forget the party's tries to log in: this one was right."""
    _limiter.forget(_key("login", who))


def _key(kind: Kind, who: str) -> str:
    return f"attempts:{kind}:{who}"


@lru_cache(maxsize=8)
def _logins(text: str) -> Limit | None:
    if text.strip() == "off":
        return None
    match = _ALLOWANCE.fullmatch(text.strip())
    if match is None:
        raise ImproperlyConfigured("ALTIS_LOGIN_FAILURES is neither tries/seconds nor off")
    return _allowance(int(match[1]), int(match[2]))


# One per process on purpose: without Redis it knows this process's share of the tries.
_limiter = Limiter()
