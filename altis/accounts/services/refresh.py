"""Exchange a refresh token for a new pair."""

from datetime import timedelta

import structlog
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from altis.accounts.tokens import Pair, active_user, issue_for, verified_claims
from altis.shared.clock import now
from altis.shared.errors import Unauthenticated
from altis.store.database import command

log = structlog.get_logger(__name__)
# Two tabs of one client may send the same token at once: within this time the loser is refused and nothing more.
TWIN_WINDOW = timedelta(seconds=10)


def refresh_session(*, refresh: str) -> Pair:
    """Spend a refresh token once. Refuses one that is defective, unknown or spent (Unauthenticated).

    1. Lock the token's row: of two that spend it at once, the second waits and finds it spent.
    2. First use: mark it spent and issue the next pair of its family.
    3. Later use: somebody has a copy. Every token of the family is revoked (RFC 9700, 4.14.2), then the call refused.
    """
    claims = verified_claims(refresh, "refresh")
    user = active_user(claims)
    family, _, _ = claims["jti"].partition(".")
    with command():
        row = OutstandingToken.objects.select_for_update().filter(jti=claims["jti"], user=user).first()
        spent = BlacklistedToken.objects.filter(token=row).first() if row else None
        pair = None
        if row and spent is None:
            BlacklistedToken.objects.create(token=row)
            pair = issue_for(user, family=family)
        elif spent and spent.blacklisted_at < now() - TWIN_WINDOW:
            _revoke(family)
    if pair is None:
        raise Unauthenticated
    return pair


def _revoke(family: str) -> None:
    tokens = OutstandingToken.objects.filter(jti__startswith=f"{family}.")
    BlacklistedToken.objects.bulk_create([BlacklistedToken(token=token) for token in tokens], ignore_conflicts=True)
    log.warning("a spent refresh token came back; its family is revoked", family=family)
