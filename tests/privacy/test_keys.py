"""Data keys: one per person, lost with their transaction, gone after erasure."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from altis.privacy import keys
from altis.privacy.errors import Erased, Unreadable
from altis.privacy.models import SubjectKey
from tests.privacy.notes import person


@pytest.mark.django_db
def test_key_is_made_once_and_found_again() -> None:
    subject = person()

    made = keys.data_key(subject, create=True)

    assert len(made) == 32
    assert keys.data_key(subject) == keys.data_key(subject, create=True) == made
    assert made not in bytes(SubjectKey.objects.get(pk=subject).dek_wrapped)


@pytest.mark.django_db
def test_person_without_a_key_is_erased() -> None:
    with pytest.raises(Erased):
        keys.data_key(person())

    assert SubjectKey.objects.exists() is False


@pytest.mark.parametrize("subject", ["", "x" * 65])
def test_subject_must_be_an_id(subject: str) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        keys.data_key(subject, create=True)


@pytest.mark.django_db(transaction=True)
def test_rolled_back_key_is_never_used_again() -> None:
    subject = person()
    with transaction.atomic():
        lost = keys.data_key(subject, create=True)
        transaction.set_rollback(True)

    kept = keys.data_key(subject, create=True)
    keys.forget_all()

    assert kept != lost
    assert keys.data_key(subject) == kept


@pytest.mark.django_db(transaction=True)
def test_key_of_a_rolled_back_savepoint_is_never_used_again() -> None:
    subject = person()
    with transaction.atomic():
        with transaction.atomic():
            lost = keys.data_key(subject, create=True)
            transaction.set_rollback(True)
        kept = keys.data_key(subject, create=True)
    keys.forget_all()

    assert kept != lost
    assert keys.data_key(subject) == kept


@pytest.mark.django_db(transaction=True)
def test_key_is_shared_only_after_its_commit(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    subject = person()
    with transaction.atomic():
        made = keys.data_key(subject, create=True)
        with django_assert_num_queries(0):
            again = keys.data_key(subject)
        shared_before = keys._committed.get(subject)

    assert (again, shared_before, keys._committed.get(subject)) == (made, None, made)


@pytest.mark.django_db
def test_hooks_run_by_a_test_harness_do_not_publish_the_key(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    subject = person()

    with django_capture_on_commit_callbacks(execute=True) as hooks:
        keys.data_key(subject, create=True)

    assert len(hooks) == 1
    assert keys._committed.get(subject) is None


@pytest.mark.django_db(transaction=True)
def test_eight_threads_agree_on_one_key() -> None:
    subject, together = person(), Barrier(8)

    def make(_: int) -> bytes:
        try:
            together.wait(10)
            with transaction.atomic():
                return keys.data_key(subject, create=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(make, range(8)))

    keys.forget_all()
    assert made == {keys.data_key(subject)}


@pytest.mark.django_db
def test_many_keys_come_with_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = [person() for _ in range(20)]
    with django_assert_num_queries(3):  # look, insert, read back
        keys.prefetch(people, create=True)
    connection.run_on_commit.clear()

    with django_assert_num_queries(1):
        keys.prefetch([*people, person()])

    with django_assert_num_queries(0):
        assert len({keys.data_key(subject) for subject in people}) == 20


@pytest.mark.django_db(transaction=True)
def test_erasure_takes_effect_after_forgetting() -> None:
    subject = person()
    keys.data_key(subject, create=True)
    SubjectKey.objects.filter(pk=subject).delete()

    keys.forget(subject)

    with pytest.raises(Erased):
        keys.data_key(subject)


@pytest.mark.django_db(transaction=True)
def test_previous_wrapping_key_still_opens(settings: Settings) -> None:
    first, second = person(), person()
    made = keys.data_key(first, create=True)
    settings.ALTIS_KEK_RING = f"next:{secrets.token_urlsafe(32)},{settings.ALTIS_KEK_RING}"
    keys.forget_all()

    keys.data_key(second, create=True)

    assert keys.data_key(first) == made
    assert SubjectKey.objects.get(pk=second).kek_id == "next"


@pytest.mark.django_db(transaction=True)
def test_key_under_a_retired_wrapping_key_is_unreadable_not_erased(settings: Settings) -> None:
    subject = person()
    keys.data_key(subject, create=True)
    settings.ALTIS_KEK_RING = f"next:{secrets.token_urlsafe(32)}"
    keys.forget_all()

    with pytest.raises(Unreadable):
        keys.data_key(subject, create=True)


@pytest.mark.django_db(transaction=True)
def test_key_moved_to_another_person_stays_closed() -> None:
    subject, thief = person(), person()
    keys.prefetch([subject, thief], create=True)
    stolen = SubjectKey.objects.get(pk=subject)
    SubjectKey.objects.filter(pk=thief).update(dek_wrapped=stolen.dek_wrapped, kek_id=stolen.kek_id)
    keys.forget_all()

    with pytest.raises(Unreadable):
        keys.data_key(thief)
