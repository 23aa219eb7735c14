"""What staff send to the back-office is done in their name, and nothing else is."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.test import RequestFactory, override_settings

from altis.accounts.models import User
from altis.audit.middleware import NoteStaff, _back_office

pytestmark = pytest.mark.django_db
TOLD = "SELECT current_setting('pghistory.context_metadata', true)"


def _told(request: HttpRequest, user: Any) -> str:
    """What the triggers would read while this request is answered."""
    request.user = user
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_session SET session_data = '' WHERE false")
            cursor.execute(TOLD)
            seen.append((cursor.fetchone() or ("",))[0] or "")
        return HttpResponse()

    NoteStaff(view)(request)
    return seen[0]


def test_a_form_of_the_back_office_carries_who_where_and_why(rf: RequestFactory) -> None:
    boss = User.objects.create_superuser("boss@example.com", "correct horse battery")

    told = _told(rf.post("/admin/catalog/bundle/add/", {"reason": "new_price"}), boss)

    assert all(f'"{part}"' in told for part in (boss.pk, "/admin/catalog/bundle/add/", "new_price"))


def test_reads_other_paths_and_strangers_carry_nothing(rf: RequestFactory) -> None:
    boss = User.objects.create_superuser("boss@example.com", "correct horse battery")

    assert _told(rf.get("/admin/catalog/bundle/add/", {"reason": "new_price"}), boss) == ""
    assert _told(rf.post("/v1/orders", {"reason": "new_price"}), boss) == ""
    assert _told(rf.post("/admin/login/", {"reason": "new_price"}), AnonymousUser()) == ""


def test_where_other_addresses_are_served_nothing_breaks(rf: RequestFactory) -> None:
    _back_office.cache_clear()

    with override_settings(ROOT_URLCONF="tests.api.urls"):
        told = _told(rf.post("/v1/echo", {"reason": "new_price"}), AnonymousUser())

    assert told == ""


def test_a_form_that_breaks_off_has_no_reason(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    boss = User.objects.create_superuser("boss@example.com", "correct horse battery")
    request = rf.post("/admin/catalog/bundle/add/")

    def broken(_request: HttpRequest) -> None:
        raise UnreadablePostError

    monkeypatch.setattr(type(request), "POST", property(broken))

    assert '"reason": ""' in _told(request, boss)


def test_a_long_path_and_reason_are_cut_and_not_refused(rf: RequestFactory) -> None:
    boss = User.objects.create_superuser("boss@example.com", "correct horse battery")

    told = _told(rf.post(f"/admin/{'x' * 300}/", {"reason": "y" * 300}), boss)

    assert "x" * 190 in told
    assert "y" * 200 in told
    assert "y" * 201 not in told
