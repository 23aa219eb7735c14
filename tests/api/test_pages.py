"""What only pages need is done for pages only."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from altis.api.pages import PageForms, PageMessages, PageSecondFactors, PageSessions, PageUsers

_ALL = (PageMessages, PageSecondFactors, PageUsers, PageForms, PageSessions)
_GIVEN = ("session", "user", "_messages")


def _through_all(path: str) -> HttpRequest:
    handler: Any = lambda _: HttpResponse()  # noqa: E731  (each of them is wrapped around the one before)
    for kind in _ALL:
        handler = kind(handler)
    request = RequestFactory().get(path)
    handler(request)
    return request


@pytest.mark.parametrize(("path", "given"), [("/v1/orders", False), ("/v1", False), ("/admin/", True), ("/", True)])
def test_sessions_users_and_messages_are_for_pages(path: str, given: bool) -> None:
    request = _through_all(path)

    assert [hasattr(request, name) for name in _GIVEN] == [given] * 3


@pytest.mark.parametrize(("path", "status"), [("/v1/orders", None), ("/admin/login/", 403)])
def test_forms_of_pages_prove_where_they_come_from(path: str, status: int | None) -> None:
    request = RequestFactory(enforce_csrf_checks=True).post(path, {"a": "b"})
    forms = PageForms(lambda _: HttpResponse())
    forms(request)

    refused = forms.process_view(request, lambda _: HttpResponse(), (), {})

    assert (refused.status_code if refused else None) == status
