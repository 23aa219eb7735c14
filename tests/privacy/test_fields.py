"""EncryptedTextField: plain on the instance, sealed in the row, bound to both."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from pytest_django import DjangoAssertNumQueries

from altis.privacy import keys
from altis.privacy.errors import Erased, Unreadable
from altis.privacy.models import SubjectKey
from altis.privacy.sealed import MASK, Opened
from tests.privacy.notes import Note, person

pytestmark = pytest.mark.usefixtures("notes")
CANARY = "CANARY Zephyrine"


def stored(note: Note, column: str = "text") -> str:
    """What the row really holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM privacy_note WHERE id = %s", [note.pk])
        row = cursor.fetchone()
    return str(row[0]) if row[0] is not None else ""


def make_note(text: str = CANARY, owner: str = "") -> Note:
    return Note.objects.create(owner_id=owner or person(), text=text)


def erase(subject: str) -> None:
    SubjectKey.objects.filter(pk=subject).delete()
    connection.run_on_commit.clear()
    keys.forget(subject)


def test_text_is_sealed_in_the_row_and_plain_on_the_instance() -> None:
    note = make_note()

    assert note.text == CANARY
    assert Note.objects.get().text == CANARY
    assert stored(note).startswith("v1|")
    assert "CANARY" not in stored(note)


def test_empty_text_is_sealed_and_none_is_null() -> None:
    note = make_note("")

    fresh = Note.objects.get()

    assert (fresh.text, fresh.remark) == ("", None)
    assert stored(note).startswith("v1|")
    assert stored(note, "remark") == ""
    assert Note.objects.filter(remark__isnull=True).count() == 1


def test_list_that_does_not_read_costs_no_key(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        make_note()
    connection.run_on_commit.clear()

    with django_assert_num_queries(1):
        owners = [note.owner_id for note in Note.objects.all()]

    assert len(owners) == 3


def test_values_show_a_mask() -> None:
    make_note()

    [row] = Note.objects.values("text")
    [value] = Note.objects.values_list("text", flat=True)

    assert (str(value), repr(value), f"{value}", repr(row)) == (MASK, MASK, MASK, "{'text': •••}")
    assert CANARY not in serializers.serialize("json", Note.objects.all())


def test_unread_and_unchanged_text_is_written_back_as_it_was() -> None:
    note = make_note()
    before = stored(note)
    unread, read = Note.objects.get(), Note.objects.get()

    unread.save()
    assert read.text == CANARY
    read.text = read.text  # as a form or refresh_from_db does
    read.save()

    assert stored(note) == before


def test_assigned_text_gets_a_new_envelope_at_each_save() -> None:
    note = make_note()
    before = stored(note)

    note.save()

    assert stored(note) != before
    assert Note.objects.get().text == CANARY


def test_instance_saved_again_after_a_rollback_is_readable() -> None:
    note = Note(owner_id=person(), text=CANARY)
    with transaction.atomic():
        note.save(force_insert=True)
        transaction.set_rollback(True)

    note.save(force_insert=True)

    assert Note.objects.get().text == CANARY


def test_swapped_envelopes_stay_closed_and_are_reported(caplog: pytest.LogCaptureFixture) -> None:
    owner = person()
    mine, yours = make_note("mine", owner), make_note("yours", owner)
    first, second = (Note.objects.values_list("text", flat=True).get(pk=note.pk) for note in (mine, yours))
    Note.objects.filter(pk=mine.pk).update(text=second)
    Note.objects.filter(pk=yours.pk).update(text=first)

    for pk in (mine.pk, yours.pk):
        with pytest.raises(Unreadable):
            _ = Note.objects.get(pk=pk).text

    assert caplog.text.count("personal data unreadable") == 2


def test_envelope_moved_to_another_column_stays_closed() -> None:
    note = make_note()
    Note.objects.update(remark=models.F("text"))

    fresh = Note.objects.get(pk=note.pk)

    assert fresh.text == CANARY
    with pytest.raises(Unreadable):
        _ = fresh.remark


def test_plain_text_planted_in_the_row_is_not_believed() -> None:
    note = make_note()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_note SET text = 'planted' WHERE id = %s", [note.pk])

    with pytest.raises(Unreadable):
        _ = Note.objects.get().text


def test_erased_person_reads_as_empty_and_saves_unharmed() -> None:
    note = make_note()
    before = stored(note)
    erase(note.owner_id)

    fresh = Note.objects.get()
    text = fresh.text
    fresh.refresh_from_db()
    fresh.save()

    assert (text, isinstance(text, Opened) and text.erased, stored(note)) == ("", True, before)
    assert SubjectKey.objects.exists() is False


def test_erased_text_is_not_given_to_somebody_else() -> None:
    note = make_note()
    erase(note.owner_id)
    fresh = Note.objects.get()

    fresh.owner_id = person()
    with pytest.raises(Erased), transaction.atomic():
        fresh.save()

    assert Note.objects.get().owner_id == note.owner_id


@pytest.mark.parametrize("read_first", [True, False])
def test_note_given_to_another_owner_is_sealed_anew(read_first: bool) -> None:
    make_note()
    note, heir = Note.objects.get(), person()
    if read_first:
        assert note.text == CANARY

    note.owner_id = heir
    note.save()

    assert Note.objects.get().text == CANARY
    assert SubjectKey.objects.filter(pk=heir).exists()


def test_copied_row_is_sealed_for_its_own_key() -> None:
    make_note()
    note = Note.objects.get()

    note.pk, note._state.adding = "nte_copy", True
    note.save(force_insert=True)

    assert [row.text for row in Note.objects.all()] == [CANARY, CANARY]


def test_text_taken_from_another_row_is_sealed_for_the_new_one() -> None:
    make_note()
    other = make_note("other")

    other.text = Note.objects.exclude(pk=other.pk).get().text
    other.save()

    assert Note.objects.get(pk=other.pk).text == CANARY


def test_deferred_text_is_loaded_when_read_or_saved() -> None:
    note = make_note()

    read = Note.objects.only("id").get()
    saved = Note.objects.defer("text", "owner_id").get()
    saved.save(update_fields=["text"])

    assert read.text == saved.text == CANARY
    assert Note.objects.get(pk=note.pk).text == CANARY


def test_refresh_brings_new_text() -> None:
    note = make_note()
    Note.objects.get().save()
    changed = Note.objects.get()
    changed.text = "changed"
    changed.save()

    note.refresh_from_db()

    assert note.text == "changed"


def test_bulk_create_seals_every_row() -> None:
    owner = person()

    Note.objects.bulk_create([Note(owner_id=owner, text=f"{CANARY} {n}", remark="r") for n in range(3)])

    assert sorted(note.text for note in Note.objects.all()) == [f"{CANARY} {n}" for n in range(3)]
    assert SubjectKey.objects.count() == 1


def test_text_without_its_row_cannot_be_written() -> None:
    note = make_note()
    before = stored(note)

    with pytest.raises(TypeError, match=r"Note\.text is encrypted per row"), transaction.atomic():
        Note.objects.update(text="plain")

    assert stored(note) == before


@pytest.mark.parametrize("lookup", ["text", "text__contains", "text__in", "text__lower"])
def test_sealed_text_cannot_be_searched(lookup: str) -> None:
    with pytest.raises(FieldError):
        Note.objects.filter(**{lookup: CANARY}).exists()


def test_row_without_a_person_is_not_saved() -> None:
    with pytest.raises(ValueError, match="owner_id"), transaction.atomic():
        Note.objects.create(text=CANARY)

    assert Note.objects.exists() is False


def test_twenty_thousand_reads_in_eight_threads_never_show_an_envelope() -> None:
    note = make_note()
    keys._committed.put(note.owner_id, keys.data_key(note.owner_id))  # threads have connections of their own
    text = Note.objects.values_list("text", flat=True).get()

    def read(_: int) -> set[str]:
        seen = set()
        for _n in range(2500):
            row = Note(id=note.pk, owner_id=note.owner_id, text=text)
            row.full_clean(validate_unique=False)
            seen.add(str(row.text))
        return seen

    with ThreadPoolExecutor(8) as pool:
        seen = set().union(*pool.map(read, range(8)))

    assert seen == {CANARY}
