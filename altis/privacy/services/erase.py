"""Forgetting a person for good (GDPR, article 17), while the books about their orders stay as they are."""

from collections.abc import Collection, Sequence
from datetime import datetime

import structlog
from django.db import transaction

from altis.privacy import keys
from altis.privacy.keepers import Objection, keepers
from altis.privacy.models import ErasureLog, SubjectKey
from altis.shared.actors import Cause
from altis.store.database import command, db_clock, retried

log = structlog.get_logger(__name__)


class UnknownPerson(Exception):
    """Nobody keeps anything under this id."""


class ErasureRefused(Exception):
    """Not yet: the person travels, pays, or is owed money. `objections` says why and because of what."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__(", ".join(f"{each.reason} {each.thing}" for each in objections))
        self.objections = tuple(objections)


def erase_person(*, person: str, cause: Cause) -> tuple[str, ...]:
    """Erase a user, a guest or a passenger, in one transaction; returns the erased ids. Doing it twice does no harm.

    Raises UnknownPerson, and ErasureRefused; then nothing has changed. Other processes may read what they had read
    before for at most `keys.TTL_SECONDS`.
    """
    return retried(lambda: _erase(person, cause))


def erase_again(*, person: str, cause: Cause, at: datetime) -> tuple[str, ...]:
    """Erase somebody who was erased at an instant, after a restore brought them back.

    Nothing is an objection now, and somebody unknown is only written down, so that they never get a data key again.
    """
    return retried(lambda: _erase(person, cause, again_at=at))


def _erase(person: str, cause: Cause, *, again_at: datetime | None = None) -> tuple[str, ...]:
    with command():
        known = [keeper.lock(person) for keeper in keepers()]
        if again_at is None:
            if not any(known):
                raise UnknownPerson(person)
            _refuse_if_too_early(person)
        subjects = sorted({person, *(subject for keeper in keepers() for subject in keeper.subjects(person))})
        for keeper in keepers():
            keeper.erase(subjects)
        SubjectKey.objects.filter(pk__in=subjects).delete()
        _write_down(subjects, cause, again_at or db_clock())
        transaction.on_commit(lambda: _forget(subjects))
    log.info("person erased", person=person, subjects=len(subjects), reason=cause.reason)
    return tuple(subjects)


def _refuse_if_too_early(person: str) -> None:
    objections = [objection for keeper in keepers() for objection in keeper.objections(person)]
    if objections:
        raise ErasureRefused(objections)


def _write_down(subjects: Collection[str], cause: Cause, at: datetime) -> None:
    rows = [ErasureLog(subject=one, at=at, actor=str(cause.actor), reason=cause.reason) for one in subjects]
    ErasureLog.objects.bulk_create(rows, ignore_conflicts=True)


def _forget(subjects: Collection[str]) -> None:
    for subject in subjects:
        keys.forget(subject)
