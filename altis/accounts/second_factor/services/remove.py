"""Take a second factor away."""

import structlog

from altis.accounts.models import User
from altis.accounts.second_factor.models import Authenticator, RecoveryCode
from altis.store.database import command

log = structlog.get_logger(__name__)


def remove_second_factor(*, user: User, by: str) -> bool:
    """Delete the user's authenticator and recovery codes; False when there was none. `by` is an id, for the log.

    Sessions that gave a code of it are unverified from their next request on.
    """
    with command():
        deleted, _ = Authenticator.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
    if deleted:
        log.warning("second factor removed", user=user.pk, by=by)
    return deleted > 0
