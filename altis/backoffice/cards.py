"""No form of the back-office takes a card number."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from altis.api.cards import form_has_card

_REFUSAL = "This looks like a card number. None may be kept: go back and take it out."
View = Callable[..., HttpResponse]


def without_cards(view: View) -> View:
    """The view, which never sees a posted form that holds one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and form_has_card(request.POST):
            reply = HttpResponse(_REFUSAL, status=HTTPStatus.UNPROCESSABLE_ENTITY, content_type="text/plain")
            if "HX-Request" in request.headers:
                # A dialog would show no refusal at all: the page behind it is loaded anew, and says it.
                messages.error(request, _REFUSAL)
                reply["HX-Refresh"] = "true"
            return reply
        return view(request, *args, **kwargs)

    return guarded
