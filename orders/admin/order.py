"""The list of orders, and the page of each: everything to see, nothing to edit."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from altis.accounts.admin.reveals import PersonalData, ReasonForm
from altis.accounts.services.reveal import clear
from altis.privacy.keys import prefetch
from altis.shared import clock
from altis.store.admin.buttons import button, dialog
from altis.store.admin.readonly import ReadOnlyAdmin, coloured, instant, unbroken
from orders.admin.actions import OrderActions
from orders.admin.barcodes import barcodes_of
from orders.admin.days import strip
from orders.admin.filters import FILTERS
from orders.admin.page import sections
from orders.admin.parts import ORDER_COLOURS, numbered, route
from orders.admin.search import FINDERS, HELP, found
from orders.lifecycle import OrderStatus
from orders.models import Order, Passenger

_ALWAYS: Final = ("reveal_personal_data",)
_BARCODES: Final = dialog(
    "Show the barcodes?",
    "A boarding barcode contains the traveller's name, so showing it is written down as well.",
    ReasonForm,
    "Write it down and show",
)


@admin.register(Order)
class OrderAdmin(PersonalData, OrderActions, ReadOnlyAdmin):
    """Orders, newest first."""

    list_display = ("reference", "state", "trip", "bundle_name", "price", "placed", "deadline")
    list_filter = FILTERS
    list_filter_submit = True
    list_filter_sheet = True
    date_hierarchy = None
    sortable_by = ("reference", "placed")
    not_listed = ("lines", "conditions", "payments", "refunds", "contact_email", "contact_phone")
    also_asked = ("expires_at",)  # by the first page: holds about to end
    search_fields = ("reference",)
    search_help_text = HELP
    actions_detail: tuple[str, ...] = (
        *("extend_unpaid", "rebook_paid", "reissue_documents", "resend_documents", "show_barcodes"),
        *("reveal_personal_data", "archive_flown", "cancel_unpaid"),
    )
    # The buttons that a status brings. The services decide; a button that they would refuse is only not offered.
    buttons: ClassVar[Mapping[str, tuple[str, ...]]] = {
        OrderStatus.PROPOSED: ("extend_unpaid", "cancel_unpaid"),
        OrderStatus.PAID: ("rebook_paid",),
        OrderStatus.FULFILLED: (
            *("rebook_paid", "reissue_documents", "resend_documents"),
            *("archive_flown", "show_barcodes"),
        ),
        OrderStatus.ARCHIVED: ("show_barcodes",),
    }
    fieldsets: ClassVar = ((None, {"fields": ()}),)  # the page is made of sections, see its template
    finders: ClassVar = FINDERS

    # What is shown

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, below a strip of days."""
        days = strip(request.GET, clock.now().date())
        reply: HttpResponse = super().changelist_view(request, {**(extra_context or {}), "days": days})
        return reply

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Order | None:
        """The order with its travellers; the keys of its people come with one query, not with one for each."""
        order: Order | None = super().get_object(request, object_id, from_field)
        if order is not None:
            order.keep(passengers=list(order.passengers.order_by("position")))
            prefetch([order.owner_id, *(person.pk for person in order.part("passengers"))])
        return order

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        """By whatever the term names; see `orders.admin.search`."""
        return (found(queryset, search_term, finders=self.finders) if search_term.strip() else queryset), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The buttons belong to the page, where they wrap, not to the bar above it, where they would not fit."""
        order: Order | None = kwargs.get("obj")
        if order is not None:
            context["desk_actions"] = context.pop("actions_detail", [])
            context["sections"] = self.sections(order, request)
        reply: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return reply

    def sections(self, order: Order, request: HttpRequest) -> dict[str, Any]:
        """What the page shows; whoever stands above orders adds to it."""
        return sections(order, request)

    @coloured(ORDER_COLOURS, description="Status", ordering="status")
    def state(self, order: Order) -> str:
        """Where the order stands."""
        return order.status

    @admin.display(description="Trip")
    def trip(self, order: Order) -> SafeString:
        """Where it goes first, and when."""
        return unbroken(route(order))

    @admin.display(description="Total", ordering="total_minor")
    def price(self, order: Order) -> SafeString:
        """`524.00 USD`."""
        return unbroken(order.total)

    @admin.display(description="Placed", ordering="id")
    def placed(self, order: Order) -> SafeString:
        """When it began; ids sort by it."""
        return unbroken(instant(order.created_at))

    @admin.display(description="Pay until")
    def deadline(self, order: Order) -> SafeString:
        """The end of the hold, while it counts."""
        return unbroken(instant(order.expires_at if order.status == OrderStatus.PROPOSED else None))

    # What staff may do

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The buttons that fit the order's status."""
        status = Order.objects.filter(pk=unquote(str(object_id))).values_list("status", flat=True).first()
        offered = {f"orders_order_{name}" for name in (*self.buttons.get(status or "", ()), *_ALWAYS)}
        return [made for made in super().get_actions_detail(request, object_id) if made.action_name in offered]

    def subject_of(self, row: Order) -> str:
        """The owner; an erasure of theirs takes the passengers along."""
        return str(row.owner_id)

    def personal_data(self, row: Order) -> list[tuple[str, str]]:
        """The contact, and who travels."""
        return [
            ("E-mail address", clear(row, "contact_email")),
            ("Telephone", clear(row, "contact_phone")),
            *((numbered(person), _identity(person)) for person in row.part("passengers")),
        ]

    @button("Show barcodes", "barcodes", icon="qr_code_2", right="reveal", asks=_BARCODES)
    def show_barcodes(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """Write down who looks and why, then draw the barcodes of the valid documents, as the customer has them."""
        return self.revealed(request, form, object_id, read=barcodes_of, template="admin/orders/order/barcodes.html")


def _identity(person: Passenger) -> str:
    return f"{clear(person, 'given_name')} {clear(person, 'family_name')}, born {clear(person, 'born_on')}"
