"""Changes by staff: Django's own record of who has done what here, to look at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from altis.store.admin.readonly import ReadOnlyAdmin, coloured, link_to, unbroken

_WORDS = {ADDITION: "added", CHANGE: "changed", DELETION: "deleted"}
_COLOURS = {"added": "success", "changed": "info", "deleted": "danger"}


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Newest first. A trigger keeps the table from being rewritten."""

    list_display = ("when", "who", "did", "kind", "row", "what")
    list_select_related = ("content_type",)
    list_filter = ("action_flag", "action_time", "content_type")
    search_fields = ("user__id__exact", "object_id__exact")
    search_help_text = "Id of the member of staff, or of what was changed"
    ordering = ("-action_time", "-pk")
    sortable_by = ("when",)
    fieldsets: ClassVar = ((None, {"fields": (("when", "who", "did"), ("kind", "row"), "what")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the account of who did it: the id says enough."""
        return super().get_queryset(request).select_related(None).select_related("content_type")

    @admin.display(description="At", ordering="action_time")
    def when(self, entry: LogEntry) -> SafeString:
        """To the second."""
        return unbroken(f"{entry.action_time:%Y-%m-%d %H:%M:%S}")

    @admin.display(description="Who")
    def who(self, entry: LogEntry) -> SafeString:
        """The member of staff."""
        return link_to("accounts_user", entry.user_id)

    @coloured(_COLOURS, description="Did")
    def did(self, entry: LogEntry) -> str:
        """Added, changed or deleted."""
        return _WORDS.get(entry.action_flag, "")

    @admin.display(description="Kind")
    def kind(self, entry: LogEntry) -> str:
        """`product`."""
        return str(entry.content_type.name) if entry.content_type else "–"

    @admin.display(description="What")
    def row(self, entry: LogEntry) -> SafeString | str:
        """The row's page, unless the row is gone."""
        address = entry.get_admin_url()
        if address is None or entry.action_flag == DELETION:
            return entry.object_repr
        return format_html('<a href="{}" class="text-link">{}</a>', address, entry.object_repr)

    @admin.display(description="Which of it")
    def what(self, entry: LogEntry) -> str:
        """The names of fields, or what a button did and why."""
        return entry.get_change_message()
