"""Rotating the wrapping keys while everybody reads and writes: nobody notices, nothing is left behind."""

import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import Settings

from altis.privacy import keys
from altis.privacy.errors import Unreadable
from altis.privacy.keyring import newest, wrapping_keys
from altis.privacy.models import SubjectKey
from altis.privacy.services.rotate import look_at_ring, rotate_keys
from tests.privacy.notes import person

pytestmark = pytest.mark.django_db(transaction=True)


def make_people(count: int) -> dict[str, bytes]:
    """Data keys under the ring's newest key, by person."""
    made = {person(): secrets.token_bytes(32) for _ in range(count)}
    SubjectKey.objects.bulk_create([keys.wrap(one, key) for one, key in made.items()])
    return made


@pytest.fixture
def two_keys(settings: Settings) -> Callable[[], None]:
    """Call it to put a newer key before the ring's present one."""

    def add() -> None:
        settings.ALTIS_KEK_RING = f"k2:{secrets.token_urlsafe(32)},{settings.ALTIS_KEK_RING}"
        keys.forget_all()

    return add


def rotation(*flags: str) -> tuple[int, str]:
    """The command's exit code and what it says."""
    out = StringIO()
    try:
        call_command("rotate_keys", *flags, stdout=out, stderr=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def two_steps_at_a_time() -> None:
    """The wrong way, for control: a key id first, and its wrapping in a transaction of its own."""
    kid, _ = newest(wrapping_keys())
    for row in SubjectKey.objects.exclude(kek_id=kid):
        fresh = keys.wrap(row.subject, keys.unwrap(row))
        SubjectKey.objects.filter(pk=row.pk).update(kek_id=kid)
        SubjectKey.objects.filter(pk=row.pk).update(dek_wrapped=fresh.dek_wrapped)


def read_while(work: Callable[[], object], people: dict[str, bytes], *, readers: int = 4) -> tuple[int, int, int]:
    """Reads, failed reads and keys made while `work` runs; four readers past all memory, and a writer."""
    over = threading.Event()

    def watch(number: int) -> tuple[int, int]:
        reads = failed = 0
        try:
            while not over.wait(0.005):  # leaves the processor to the work that is watched
                for row in SubjectKey.objects.filter(pk__in=secrets.SystemRandom().sample(sorted(people), 20)):
                    reads += 1
                    try:
                        failed += keys.unwrap(row) != people[row.pk]
                    except Unreadable:
                        failed += 1
        finally:
            connection.close()
        return reads, failed

    def write() -> int:
        made = 0
        try:
            while not over.wait(0.005):
                with transaction.atomic():
                    keys.data_key(person(), create=True)
                made += 1
        finally:
            connection.close()
        return made

    with ThreadPoolExecutor(readers + 1) as pool:
        watchers, writer = [pool.submit(watch, number) for number in range(readers)], pool.submit(write)
        try:
            work()
        finally:
            over.set()
        found = [watcher.result() for watcher in watchers]
    return sum(reads for reads, _ in found), sum(failed for _, failed in found), writer.result()


def test_nobody_notices_a_rotation(two_keys: Callable[[], None]) -> None:
    people = make_people(2000)  # twenty batches
    two_keys()

    reads, failed, made = read_while(lambda: rotate_keys(batch=100), people)

    assert (reads > 50, made > 0, failed) == (True, True, 0)
    assert set(SubjectKey.objects.values_list("kek_id", flat=True)) == {"k2"}
    assert {row.pk: keys.unwrap(row) for row in SubjectKey.objects.filter(pk__in=people)} == people


def test_a_rotation_in_two_steps_would_be_noticed(two_keys: Callable[[], None]) -> None:
    people = make_people(40)
    two_keys()

    _, failed, _ = read_while(two_steps_at_a_time, people)

    assert failed > 0


def test_two_rotations_share_the_work(two_keys: Callable[[], None]) -> None:
    people = make_people(400)
    two_keys()

    def rotate(_: int) -> int:
        try:
            return rotate_keys(batch=20)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(rotate, range(2)))

    assert sum(done) == 400
    assert {row.pk: keys.unwrap(row) for row in SubjectKey.objects.all()} == people


def test_an_interrupted_rotation_goes_on_where_it_stood(two_keys: Callable[[], None]) -> None:
    make_people(30)
    two_keys()

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(batch=10, told=_interrupt)
    half = look_at_ring().waiting

    assert (half, rotate_keys(batch=10), rotate_keys(), look_at_ring().done) == (20, 20, 0, True)


def _interrupt(_: int) -> None:
    raise KeyboardInterrupt


def test_looking_changes_nothing_and_tells_by_its_exit_code(two_keys: Callable[[], None]) -> None:
    make_people(3)
    two_keys()

    dry, check = rotation("--dry-run"), rotation("--check")

    assert (dry[0], dry[1].splitlines()[0]) == (0, "3 data keys would be wrapped under k2")
    assert (check[0], "may leave" in check[1]) == (1, False)
    assert look_at_ring().waiting == 3


def test_the_old_key_may_leave_when_it_locks_nothing(two_keys: Callable[[], None], settings: Settings) -> None:
    people = make_people(3)
    old = newest(wrapping_keys())[0]
    two_keys()

    code, said = rotation()
    settings.ALTIS_KEK_RING = settings.ALTIS_KEK_RING.split(",")[0]

    assert (code, said.splitlines()[-1]) == (0, f"may leave the ring: {old}")
    assert rotation("--check")[0] == 0
    assert {row.pk: keys.unwrap(row) for row in SubjectKey.objects.all()} == people


def test_a_key_outside_the_ring_is_told_and_left_alone(two_keys: Callable[[], None]) -> None:
    make_people(2)
    lost = SubjectKey.objects.order_by("pk")[0]
    SubjectKey.objects.filter(pk=lost.pk).update(kek_id="gone")
    two_keys()

    code, said = rotation()

    assert (code, "gone: 1 data keys, and it is not in the ring" in said) == (1, True)
    assert bytes(SubjectKey.objects.get(pk=lost.pk).dek_wrapped) == bytes(lost.dek_wrapped)


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    yield
    keys.forget_all()
