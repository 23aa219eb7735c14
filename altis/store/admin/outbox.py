"""The outbox: what waits for Kafka, and what Kafka refused."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from altis.store import relay
from altis.store.admin.choices import one_of
from altis.store.admin.readonly import ReadOnlyAdmin, coloured, pretty
from altis.store.kafka import TOPICS
from altis.store.models import OutboxEvent

_COLOURS = {"waiting": "warning", "parked": "danger", "published": "success"}
_CONDITIONS = {
    "waiting": {"published_at__isnull": True, "parked_at__isnull": True},
    "parked": {"parked_at__isnull": False},
    "published": {"published_at__isnull": False},
}


class _StateFilter(admin.SimpleListFilter):
    """Waiting, parked or published."""

    title = "state"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        """The three states."""
        return [(state, state.capitalize()) for state in _CONDITIONS]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> QuerySet[OutboxEvent]:
        """The events in the chosen state, or all."""
        return queryset.filter(**_CONDITIONS.get(self.value() or "", {}))


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Events in the order in which they are published."""

    list_display = ("position", "type", "subject", "sequence", "state", "created_at")
    list_filter = (_StateFilter, one_of("topic", TOPICS))
    search_fields = ("id__exact", "subject__exact")
    search_help_text = "Id of the event, or of the order, payment, offer or inventory that it is about"
    ordering = ("-position",)
    sortable_by = ("position",)
    not_listed = ("payload", "headers")
    actions = ("try_again",)
    fieldsets: ClassVar = (
        (None, {"fields": (("type", "topic", "state"), ("subject", "sequence", "id"), "error")}),
        ("When", {"fields": (("created_at", "published_at", "parked_at"),)}),
        ("What is told", {"fields": ("payload_shown", "headers_shown")}),
    )

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """A right of its own: the right to change events opens no form."""
        return bool(request.user.has_perm("store.retry_outboxevent"))

    @admin.action(description="Try parked events again", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> None:
        """Let the relay send the chosen events that are parked, and what waits behind them."""
        parked = list(queryset.filter(parked_at__isnull=False))
        released = relay.release(queryset.values_list("position", flat=True))
        LogEntry.objects.log_actions(str(request.user.pk), parked, CHANGE, "Tried again")
        self.message_user(request, f"{released} parked events will be tried again.", messages.SUCCESS)

    @coloured(_COLOURS, description="State")
    def state(self, event: OutboxEvent) -> str:
        """Where the event stands."""
        if event.parked_at:
            return "parked"
        return "published" if event.published_at else "waiting"

    @admin.display(description="Payload")
    def payload_shown(self, event: OutboxEvent) -> SafeString:
        """The payload, one value a line. There is no personal data in it."""
        return pretty(event.payload)

    @admin.display(description="Headers")
    def headers_shown(self, event: OutboxEvent) -> SafeString:
        """The headers, one a line."""
        return pretty(event.headers)
