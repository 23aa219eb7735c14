"""Data keys by person: made on first use, unwrapped once, kept in memory for a short time.

Guarantee: only the transaction that made a key seals anything under it before its row is committed. So a rollback
takes the key and all that it locked together, and never leaves text that nobody can open. Erasing a person takes
effect at once in the process that calls `forget`, and after TTL_SECONDS in every other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from altis.privacy.cache import ExpiringCache
from altis.privacy.envelope import Tampered, decrypt, encrypt, new_key, place
from altis.privacy.errors import Erased, Unreadable
from altis.privacy.keyring import newest, wrapping_keys
from altis.privacy.models import SubjectKey
from altis.store import rows
from altis.store.making import make
from altis.store.pipeline import put
from altis.store.statements import Answer

log = structlog.get_logger(__name__)
TTL_SECONDS = 30.0
_LOOK_UP = b"SELECT subject, dek_wrapped, kek_id FROM privacy_subjectkey WHERE subject = ANY($1)"
_MAX_SUBJECT = 64
# Module state because unwrapping is a query: bounded, short-lived, and only ever filled with committed keys.
_committed: ExpiringCache[str, bytes] = ExpiringCache(capacity=20_000, seconds=TTL_SECONDS)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Keys made by the transaction that is open: an on-commit hook that publishes them to the cache.

    Django drops a hook when the savepoint or transaction that registered it rolls back, exactly when the rows go too.
    So the list of waiting hooks is the one true record of keys that this transaction made and that still stand.
    """

    keys: Mapping[str, bytes]

    def __call__(self) -> None:
        # A test harness may run hooks before the rollback of its own outer transaction: then nothing is committed.
        if not connection.in_atomic_block:
            for subject, key in self.keys.items():
                _committed.put(subject, key)


def data_key(subject: str, *, create: bool = False) -> bytes:
    """The person's 256-bit key; with `create` it is made when there is none, but for somebody who was erased.

    Raises Erased, or Unreadable.
    """
    if not 0 < len(subject) <= _MAX_SUBJECT:
        raise ValueError("a subject is an id of 1 to 64 characters")
    key = _known(subject) or _load([subject]).get(subject)
    if key is None and create:
        key = _create([subject]).get(subject)
    if key is None:
        raise Erased
    return key


def prefetch(subjects: Iterable[str], *, create: bool = False) -> None:
    """Fetch the keys of many people with one query; with `create`, make the missing ones with two more.

    What a transaction creates can only be kept until its end, so call it where the keys are used.
    """
    unknown = {subject for subject in subjects if _known(subject) is None}
    missing = unknown - _load(unknown).keys() if unknown else unknown
    if create and missing:
        _create(missing)


def ask_for(subjects: Iterable[str]) -> None:
    """Queue the look-up of committed keys, so that they come with the next answer of the database."""
    unknown = [subject for subject in subjects if _known(subject) is None]
    if unknown:
        put(_LOOK_UP, unknown, check=_keep)


def ask_among(select: str, *params: str) -> None:
    """Queue the look-up of the committed keys of whoever `select` names: SQL made of constants, with `$1` and so on."""
    put(_LOOK_UP.replace(b"ANY($1)", f"ANY ({select})".encode()), *params, check=_keep)


def make_for(subjects: Iterable[str]) -> None:
    """Queue the keys of people who begin to exist in this transaction: their ids are new, so there is nothing to ask.

    Somebody who was erased has an old id, and is never one of them.
    """
    made = {subject: new_key() for subject in subjects}
    rows.insert([wrap(subject, key) for subject, key in made.items()])
    transaction.on_commit(_Fresh(made))


def forget(subject: str) -> None:
    """Drop the key from this process's memory, after the row of an erased person is gone."""
    _committed.drop(subject)


def forget_all() -> None:
    """Drop every key from this process's memory: after a restore of the database, and between tests."""
    _committed.clear()


def wrap(subject: str, key: bytes) -> SubjectKey:
    """The unsaved row of a data key, locked by the newest key of the ring."""
    kid, kek = newest(wrapping_keys())
    return make(SubjectKey, subject=subject, dek_wrapped=encrypt(key, kek, place("subject_key", subject)), kek_id=kid)


def unwrap(row: SubjectKey) -> bytes:
    """The data key in a row; raises Unreadable, with an alarm in the log. Keeps nothing in memory."""
    kek = wrapping_keys().get(row.kek_id)
    try:
        if kek is None:
            raise Tampered
        return decrypt(bytes(row.dek_wrapped), kek, place("subject_key", row.subject))
    except Tampered as error:
        log.error("data key unreadable", subject=row.subject, kek_id=row.kek_id, kek_known=kek is not None)
        raise Unreadable from error


def _known(subject: str) -> bytes | None:
    key = _committed.get(subject)
    if key is not None:
        return key
    for hook in (entry[1] for entry in reversed(connection.run_on_commit)):
        if isinstance(hook, _Fresh) and subject in hook.keys:
            return hook.keys[subject]
    return None


def _load(subjects: Iterable[str]) -> dict[str, bytes]:
    """Committed keys by one query, into the cache. What this very transaction made is never asked for here."""
    return _keep(put(_LOOK_UP, list(subjects)))


def _keep(found: Answer) -> dict[str, bytes]:
    keys = {}
    for values in found.rows():
        subject, wrapped, kid = map(str, values)
        row = SubjectKey(subject=subject, dek_wrapped=bytes.fromhex(wrapped.removeprefix("\\x")), kek_id=kid)
        keys[row.subject] = unwrap(row)
        _committed.put(row.subject, keys[row.subject])
    return keys


def _create(subjects: Iterable[str]) -> dict[str, bytes]:
    """Insert keys, or take those that somebody else inserted first (their commit is awaited).

    A trigger inserts nothing for somebody who was erased: such a subject is missing from what is returned.
    """
    made = {subject: new_key() for subject in sorted(subjects)}  # one order everywhere: no deadlock
    SubjectKey.objects.bulk_create([wrap(subject, key) for subject, key in made.items()], ignore_conflicts=True)
    standing = {row.subject: unwrap(row) for row in SubjectKey.objects.filter(subject__in=made)}
    ours = {subject: key for subject, key in standing.items() if key == made[subject]}
    for subject in standing.keys() - ours.keys():
        _committed.put(subject, standing[subject])
    if ours:
        transaction.on_commit(_Fresh(ours))
    return standing
