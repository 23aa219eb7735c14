"""What staff send in the back-office is done in their name."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse

from altis.audit.context import noting

View = Callable[[HttpRequest], HttpResponse]


@cache
def _back_office() -> str:
    """Looked up once, among the product's own addresses: every POST of the API is compared with it."""
    return reverse("admin:index", urlconf="altis.urls")


class NoteStaff:
    """Stands behind the log-in. Reads, and everything outside of the back-office, pass it by."""

    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The reply; changes made on the way to it know their author."""
        sent_by_staff = (
            request.method == "POST"
            and request.path_info.startswith(_back_office())
            and request.user.is_authenticated  # of whoever has not logged in nothing is read
        )
        if not sent_by_staff:
            return self._get_response(request)
        with noting(staff=str(request.user.pk), page=request.path_info, reason=_reason(request)):
            return self._get_response(request)


def _reason(request: HttpRequest) -> str:
    """What the form says; nothing of a form that breaks off, which the view will refuse."""
    try:
        return request.POST.get("reason", "")
    except UnreadablePostError:
        return ""
