"""The audit: all that staff have changed, ordered and looked at, on one page."""

import re
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from altis.audit import words
from altis.audit.admin.filters import ActFilter, ObjectFilter, WhoFilter
from altis.audit.models import Entry, Source
from altis.audit.selectors import newest, one
from altis.audit.services.write_csv import MOST_ROWS, csv_lines
from altis.store.admin.pages import InfinitePaginator
from altis.store.admin.readonly import ReadOnlyAdmin, coloured, link_to, shortened, unbroken

_ID = re.compile(r"[a-z]{3}_\w{10,}")
_MOST_LINES = 50_000
_COLOURS = {"added": "success", "changed": "info", "deleted": "danger", "seen": "warning"}


class NewestFirst(InfinitePaginator):
    """Pages of the newest lines of every source; what is older is found by its day."""

    @cached_property
    def num_pages(self) -> int:
        """To merge the sources further down takes longer than anybody would turn pages."""
        return int(_MOST_LINES // self.per_page)

    def page(self, number: Any) -> Any:
        """The lines of this page; raises InvalidPage for what is none."""
        if self.object_list.model is not Entry:  # the notes on a line's page of history
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return self._get_page(newest(self.object_list, first=first, last=first + self.per_page), number, self)


NewestFirst.__name__ = InfinitePaginator.__name__  # by this the theme's header knows that nobody has counted


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Newest first. What it shows are rows that triggers keep from being rewritten or deleted."""

    list_display = ("when", "who", "did", "what", "how", "why")
    list_display_links = ("when",)
    list_filter = (WhoFilter, "source", ObjectFilter, ActFilter)
    list_filter_sheet = True
    list_before_template = "admin/audit/export.html"
    search_fields = ("object_id",)  # as `get_search_results` says
    search_help_text = "Id of the member of staff, id or name of what was changed"
    date_hierarchy = "at"
    paginator = NewestFirst
    sortable_by = ()
    ordering = ("-at", "-id")
    fieldsets: ClassVar = (
        (None, {"fields": (("when", "who", "did"), ("kind", "what", "key"), ("why", "where"))}),
        ("What changed", {"fields": ("changes",)}),
    )

    def get_urls(self) -> list[URLPattern]:
        """The copy before the page of a row."""
        view = self.admin_site.admin_view(self.export)
        urls: list[URLPattern] = super().get_urls()
        return [path("export/", view, name="audit_entry_export"), *urls]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The entries that the list shows under its filters, as CSV; the newest 20,000."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = newest(self.get_changelist_instance(request).get_queryset(request), first=0, last=MOST_ROWS)
        except IncorrectLookupParameters:  # the list itself answers so
            return HttpResponseRedirect(f"{reverse('admin:audit_entry_changelist')}?e=1")
        reply = StreamingHttpResponse(csv_lines(entries=entries), content_type="text/csv; charset=utf-8")
        reply["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return reply

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """By ids, or by the beginning of a name: each through indexes, and never both at once."""
        term = search_term.strip()
        if not term:
            return queryset, False
        named = Q(object_name__istartswith=term) | Q(object_id=term)
        ids = Q(staff=term.lower()) | Q(object_id=term.lower()) | Q(owner_id=term.lower())
        return queryset.filter(ids if "_" in term else named), False

    def get_object(self, _request: HttpRequest, object_id: str, _from_field: str | None = None) -> Entry | None:
        """The line, asked of its source alone."""
        return one(object_id)

    @admin.display(description="At")
    def when(self, entry: Entry) -> SafeString:
        """To the second."""
        return unbroken(f"{entry.at:%Y-%m-%d %H:%M:%S}")

    @admin.display(description="Who")
    def who(self, entry: Entry) -> SafeString | str:
        """The member of staff; a command of the operators, or somebody's hand in the database, has none."""
        return (
            link_to("accounts_user", entry.staff, shortened(entry.staff))
            if entry.staff.startswith("usr_")
            else unbroken("no staff")
        )

    @coloured(_COLOURS, description="Did")
    def did(self, entry: Entry) -> str:
        """Added, changed, deleted, seen, or the command."""
        return entry.act

    @admin.display(description="Source")
    def kind(self, entry: Entry) -> str:
        """Where the line comes from."""
        return str(Source(entry.source).label)

    @admin.display(description="What")
    def what(self, entry: Entry) -> SafeString:
        """`fare AL 100 economy`, a link to its page, or to its owner's."""
        kind, address = words.kind_of(entry.object_type), _page_of(entry)
        name = entry.object_name or _short(entry.object_id)
        if not address:
            return format_html("{} {}", kind, name)
        return format_html('{} <a href="{}" class="text-link">{}</a>', kind, address, name)

    @admin.display(description="Id")
    def key(self, entry: Entry) -> str:
        """As the database knows it."""
        return entry.object_id or words.NOTHING

    @admin.display(description="How")
    def how(self, entry: Entry) -> str:
        """The first few differences."""
        return words.in_a_line(entry.before, entry.after)

    @admin.display(description="Why")
    def why(self, entry: Entry) -> SafeString | str:
        """The reason that was given, or the way to it."""
        if entry.source == Source.REVEAL:
            return link_to("accounts_reveal", entry.pk.removeprefix("reveal-"), words.SEALED)
        return words.spoken(words.why(entry)) or words.NOTHING

    @admin.display(description="On page")
    def where(self, entry: Entry) -> str:
        """The path of the page that it was done on."""
        return entry.page or words.NOTHING

    @admin.display(description="Before and after")
    def changes(self, entry: Entry) -> SafeString:
        """Each column with its value before and after."""
        rows = list(words.differences(entry.before, entry.after))
        return render_to_string("admin/audit/changes.html", {"rows": rows})


def _short(key: str) -> SafeString | str:
    return shortened(key) if _ID.fullmatch(key) else key


def _page_of(entry: Entry) -> str:
    """Where the row can be looked at: nowhere when it has gone, at its owner's when it has no page of its own."""
    own = (entry.object_type, entry.object_id) if entry.act != "deleted" else ("", "")
    for table, key in filter(all, (own, (entry.owner_type, entry.owner_id))):
        try:
            return reverse(f"admin:{table}_change", args=[quote(key)])
        except NoReverseMatch:
            continue
    return ""
