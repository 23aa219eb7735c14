"""Check a code."""

from altis.accounts.models import User
from altis.accounts.second_factor.codes import matching_step, recovery_code
from altis.accounts.second_factor.errors import NotEnrolled, SecondFactorRefused, TooSoon, WrongCode
from altis.accounts.second_factor.models import Authenticator, RecoveryCode
from altis.accounts.second_factor.services.enrol import digest_of
from altis.store.database import command, db_clock


def verify_code(*, user: User, code: str) -> Authenticator:
    """The authenticator whose code, or the user whose recovery code, this is. Each code is good once (RFC 6238, 5.2).

    1. Lock the authenticator: of two that bring one code at once, the second finds it used.
    2. After wrong codes, wait 1, 2, 4 ... seconds before another one is looked at: TooSoon.
    3. A wrong one is counted before it is refused with WrongCode. NotEnrolled: there is nothing to check.
    """
    refusal: SecondFactorRefused | None = None
    with command():
        device = Authenticator.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            raise NotEnrolled
        allowed, _ = device.verify_is_allowed()
        if not allowed:
            refusal = TooSoon()
        elif _accepts(device, code.strip()):
            device.throttle_reset(commit=False)
        else:
            refusal = WrongCode()
            device.throttle_increment(commit=False)
        device.save(update_fields=["last_step", "throttling_failure_timestamp", "throttling_failure_count"])
    if refusal is not None:
        raise refusal
    return device


def _accepts(device: Authenticator, code: str) -> bool:
    step = matching_step(device.secret, code.replace(" ", ""), at=db_clock().timestamp(), after=device.last_step)
    if step is not None:
        device.last_step = step
        return True
    spare = recovery_code(code)
    if spare is None:
        return False
    deleted, _ = RecoveryCode.objects.filter(user=device.user_id, digest=digest_of(device.user, spare)).delete()
    return deleted == 1
