"""What only pages need is done for pages only."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from altis.api.pages import PageMessages, PageSecondFactors, PageSessions, PageUsers

_ALL = (PageMessages, PageSecondFactors, PageUsers, PageSessions)
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
