"""Begin and confirm an enrolment."""

from altis.accounts.models import User
from altis.accounts.second_factor.codes import matching_step, new_recovery_codes, new_secret
from altis.accounts.second_factor.errors import WrongCode
from altis.accounts.second_factor.models import Authenticator, RecoveryCode
from altis.privacy.blind import blind_index
from altis.store.database import command, db_clock

PURPOSE = "second-factor.recovery-code"


def begin_enrolment(*, user: User) -> Authenticator:
    """The authenticator that waits to be confirmed, made when there is none: looking twice shows one secret."""
    with command():
        User.objects.select_for_update().get(pk=user.pk)
        waiting = Authenticator.objects.filter(user=user, confirmed=False).first()
        if waiting is not None and waiting.secret:
            return waiting
        Authenticator.objects.filter(user=user, confirmed=False).delete()
        return Authenticator.objects.create(user=user, name="app", confirmed=False, secret=new_secret())


def confirm_enrolment(*, user: User, code: str) -> tuple[Authenticator, list[str]]:
    """The authenticator, in force from now on, and new recovery codes, which nobody can show again.

    Raises WrongCode, and nothing changes, when the code is not one of the app that was just set up.
    """
    with command():
        User.objects.select_for_update().get(pk=user.pk)
        waiting = Authenticator.objects.filter(user=user, confirmed=False).first()
        step = None
        if waiting is not None and not Authenticator.objects.filter(user=user, confirmed=True).exists():
            step = matching_step(waiting.secret, code, at=db_clock().timestamp(), after=waiting.last_step)
        if waiting is None or step is None:
            raise WrongCode
        waiting.confirmed, waiting.last_step = True, step
        waiting.save(update_fields=["confirmed", "last_step"])
        return waiting, _new_codes(user)


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = new_recovery_codes()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=digest_of(user, code)) for code in codes)
    return codes


def digest_of(user: User, code: str) -> str:
    """What is stored of a recovery code, with or without its dashes."""
    return blind_index(f"{user.pk}:{code.replace('-', '')}", PURPOSE)
