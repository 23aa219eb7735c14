"""The pages of the work lists, and what their buttons send."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST
from unfold.widgets import UnfoldAdminSelectWidget

from altis.backoffice.worklists.counts import counts, forget
from altis.backoffice.worklists.lists import LISTS, list_named
from altis.backoffice.worklists.row import MOST_ROWS, Command, Reasons, Row, WorkList
from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store.admin.readonly import instant, unbroken

_KEY = "0row0key0"  # stands for a row's in the form that is drawn for all
_HEADERS = ["What", "Since", "Why it waits", "Next"]


def may_see(request: HttpRequest, work: WorkList) -> bool:
    """Whether this member of staff may look at the list."""
    return bool(request.user.has_perm(work.right))


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every list that the member of staff may see, with how much waits on it."""
    known = counts()
    shown = [
        {
            "title": work.title,
            "hint": work.hint,
            "icon": work.icon,
            "number": known.get(work.name),
            "link": reverse("admin:work_list", args=[work.name]),
        }
        for work in LISTS
        if may_see(request, work)
    ]
    context = {**admin.site.each_context(request), "title": "Work lists", "lists": shown}
    return render(request, "admin/worklists/index.html", context)


@require_GET
def one_list(request: HttpRequest, name: str) -> HttpResponse:
    """One list, the oldest work first."""
    work = _seen(request, name)
    rows = work.rows()
    context = {
        **admin.site.each_context(request),
        "title": work.title,
        "work": work,
        "known": rows is not None,
        "table": {"headers": _HEADERS, "rows": _drawn(request, work, rows or ())},
        "more": len(rows or ()) == MOST_ROWS,
        "most": MOST_ROWS,
        "other_page": reverse(work.more[0]) if work.more else "",
        "other_words": work.more[1] if work.more else "",
        "lists_page": reverse("admin:work_lists"),
    }
    return render(request, "admin/worklists/list.html", context)


@require_POST
def act(request: HttpRequest, name: str, command: str) -> HttpResponse:
    """Do the next thing for one row, and go back to the list, which says what came of it."""
    work = _seen(request, name)
    wanted = work.command(command)
    if wanted is None:
        raise Http404
    if not request.user.has_perm(wanted.right):
        raise PermissionDenied
    key, reason = request.POST.get("key", "")[:64].replace("\x00", ""), request.POST.get("reason", "")
    if reason not in dict(wanted.reasons):
        messages.error(request, "Choose a reason from the list.")
    else:
        _run(request, wanted, key, reason)
    return HttpResponseRedirect(reverse("admin:work_list", args=[name]))


def _run(request: HttpRequest, command: Command, key: str, reason: str) -> None:
    subject = command.subject(key)
    if subject is None:
        messages.error(request, "There is no such row any more.")
        return
    try:
        said = command.run(key, Actor("staff", str(request.user.pk)), reason)
    except AltisError as refusal:
        messages.error(request, refusal.detail)
        return
    finally:
        forget()
    LogEntry.objects.log_actions(str(request.user.pk), [subject], CHANGE, f"{command.noted}: {reason}")
    messages.success(request, said)


def _seen(request: HttpRequest, name: str) -> WorkList:
    work = list_named(name)
    if work is None:
        raise Http404
    if not may_see(request, work):
        raise PermissionDenied
    return work


def _drawn(request: HttpRequest, work: WorkList, rows: Iterable[Row]) -> list[list[SafeString | str]]:
    """A line for each row. The form of a command is drawn once: a hundred would take longer than all the rest."""
    forms = {each.name: _form(request, work, each) for each in work.commands if request.user.has_perm(each.right)}
    return [[row.what, unbroken(instant(row.since)), row.cause, _next(row, forms)] for row in rows]


def _next(row: Row, forms: Mapping[str, SafeString]) -> SafeString | str:
    if row.link:
        return format_html('<a href="{}" class="text-link whitespace-nowrap">{}</a>', row.link, row.link_text)
    key = escape(row.key)
    drawn = "".join(forms[name].replace(_KEY, key) for name in row.commands if name in forms)
    nobody = "A colleague with the right to do so looks after it."
    return mark_safe(drawn) if drawn else nobody  # noqa: S308  # nosec B308, B703 - a template's forms, escaped keys


def _form(request: HttpRequest, work: WorkList, command: Command) -> SafeString:
    field = f"{command.name}-{_KEY}"
    context = {
        "action": reverse("admin:work_act", args=[work.name, command.name]),
        "command": command,
        "key": _KEY,
        "field": field,
        "reasons": select(command.reasons, field),
    }
    return render_to_string("admin/worklists/command.html", context, request)


def select(choices: Reasons, field: str, name: str = "reason") -> SafeString:
    """A choice in the theme's look; `field` is its id."""
    widget: Any = UnfoldAdminSelectWidget(choices=choices)
    drawn: SafeString = widget.render(name, None, {"id": field})
    return drawn
