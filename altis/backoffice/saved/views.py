"""What the buttons beside a list's search send."""

from typing import Any, cast

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from altis.accounts.models import User
from altis.accounts.services.drop_filter import drop_filter
from altis.accounts.services.keep_filter import keep_filter
from altis.backoffice.saved.query import kept_query
from altis.shared.errors import AltisError

_LONGEST = 2000


@require_POST
def keep(request: HttpRequest, page: str) -> HttpResponse:
    """Keep the filters that the list shows, and go back to it; `page` is `orders.order`."""
    model = _model(page)
    if not admin.site.is_registered(model):
        raise Http404
    if not admin.site.get_model_admin(model).has_view_permission(request):
        raise PermissionDenied
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    try:
        kept = keep_filter(
            owner=cast(User, request.user), page=model._meta.label_lower, name=name, query=kept_query(query)
        )
    except AltisError as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, f"Saved as “{kept.name}”. Only you see it.")
    return _list(model._meta.label_lower, query)


@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Delete a saved filter, and go back to its list as it was shown."""
    try:
        gone = drop_filter(owner=cast(User, request.user), key=key)
    except AltisError as refusal:
        messages.error(request, refusal.detail)
        return HttpResponseRedirect(reverse("admin:index"))
    messages.success(request, f"“{gone.name}” is deleted. The list is as it was.")
    return _list(gone.page, request.POST.get("query", ""))


def _model(page: str) -> Any:
    try:
        return apps.get_model(page)
    except (LookupError, ValueError):
        raise Http404 from None


def _list(page: str, query: str) -> HttpResponse:
    address = reverse(f"admin:{page.replace('.', '_')}_changelist")
    asked = QueryDict(query[:_LONGEST]).urlencode()
    return HttpResponseRedirect(f"{address}?{asked}" if asked else address)
