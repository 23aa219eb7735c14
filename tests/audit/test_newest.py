"""The newest lines of the audit, merged from its sources, are those of the whole view."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from altis.accounts.models import Reveal, User
from altis.audit.models import Entry
from altis.audit.selectors import newest, one
from catalog.models import Bundle
from tests.offers import market

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user() -> User:
    """Whose doings are in three of the sources."""
    user = User.objects.create_user("someone@example.com", "correct horse battery")
    market.make_bundles()
    for number in range(3):
        LogEntry.objects.log_actions(user.pk, [user], CHANGE, f"note {number}")
        Reveal.objects.create(actor=user, subject=user.pk, object_type="user", object_id=user.pk, reason="for a test")
        Bundle.objects.update(position=number + 10)
    return user


def _keys(entries: object) -> list[str]:
    return [entry.pk for entry in entries]  # type: ignore[attr-defined]  # entries of either kind


def test_a_page_of_the_newest_is_that_of_the_whole_view(user: User) -> None:
    whole = _keys(Entry.objects.order_by("-at", "-id"))

    assert {key.partition("-")[0] for key in whole} == {"change", "note", "reveal"}
    assert _keys(newest(Entry.objects.all(), first=0, last=7)) == whole[:7]
    assert _keys(newest(Entry.objects.all(), first=7, last=len(whole) + 9)) == whole[7:]


def test_conditions_hold_for_every_source(user: User) -> None:
    theirs = Entry.objects.filter(staff=user.pk)

    assert len(_keys(newest(theirs, first=0, last=50))) == 6
    assert _keys(newest(theirs, first=0, last=50)) == _keys(theirs.order_by("-at", "-id"))
    assert _keys(newest(Entry.objects.filter(source="order"), first=0, last=50)) == []


def test_each_entry_is_found_by_its_id(user: User) -> None:
    for key in _keys(Entry.objects.all()):
        found = one(key)
        assert found is not None
        assert found.pk == key
    assert [one(key) for key in ("", "note-0", "nothing-1", "order-\x00")] == [None] * 4
