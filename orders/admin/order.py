"""The order's list and page, the two moves that staff may make, and a look at who travels."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action
from unfold.enums import ActionVariant

from altis.accounts.admin.reveals import PersonalData
from altis.accounts.services.reveal import clear
from altis.privacy.keys import prefetch
from altis.privacy.masking import masked
from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store.admin.readonly import ReadOnlyAdmin, coloured, instant, link_to
from orders.admin.dialogs import ARCHIVE, CANCEL, ReasonForm
from orders.admin.parts import INLINES, ORDER_COLOURS, numbered
from orders.lifecycle import OrderStatus
from orders.models import Order, Passenger
from orders.services.archive import archive_order
from orders.services.cancel import cancel_order

# The button that a status brings. The service decides; a button that it would refuse is only not offered.
_BUTTONS = {OrderStatus.PROPOSED: "cancel_unpaid", OrderStatus.FULFILLED: "archive_flown"}


@admin.register(Order)
class OrderAdmin(PersonalData, ReadOnlyAdmin):
    """Orders, newest first."""

    list_display = ("reference", "state", "bundle_name", "price", "created_at", "deadline")
    list_filter = ("status", "created_at", "bundle")
    search_fields = ("reference__exact", "id__exact", "offer_id__exact", "owner_id__exact")
    search_help_text = "Reference, or the id of the order, the offer or the owner"
    inlines = INLINES
    actions_detail = ("cancel_unpaid", "archive_flown", "reveal_personal_data")
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": (
                    ("state", "bundle_name", "price"),
                    ("created_at", "deadline", "arrives_at"),
                    ("owner_link", "contact", "offer_link"),
                )
            },
        ),
        ("Trip", {"fields": ("trip",)}),
        ("Money", {"fields": ("paid", "given_back")}),
    )

    # What is shown

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Order | None:
        """The order; the keys of its people come with one query, not with one for each."""
        order: Order | None = super().get_object(request, object_id, from_field)
        if order is not None:
            prefetch([order.owner_id, *order.passengers.values_list("pk", flat=True)])
        return order

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        """References are in capitals and ids are not, however they were typed."""
        term = search_term.strip()
        found: tuple[QuerySet[Order], bool] = super().get_search_results(
            request, queryset, term.lower() if "_" in term else term.upper()
        )
        return found

    @coloured(ORDER_COLOURS, description="Status", ordering="status")
    def state(self, order: Order) -> str:
        """Where the order stands."""
        return order.status

    @admin.display(description="Total", ordering="total_minor")
    def price(self, order: Order) -> str:
        """`524.00 USD`."""
        return str(order.total)

    @admin.display(description="Pay until", ordering="expires_at")
    def deadline(self, order: Order) -> str:
        """The end of the hold, while it counts."""
        return instant(order.expires_at if order.status == OrderStatus.PROPOSED else None)

    @admin.display(description="Owner")
    def owner_link(self, order: Order) -> SafeString:
        """Whose order this is."""
        return link_to("accounts_user", order.owner_id)

    @admin.display(description="Offer")
    def offer_link(self, order: Order) -> SafeString:
        """The offer that was accepted."""
        return link_to("offers_offer", order.offer_id)

    @admin.display(description="Contact")
    def contact(self, order: Order) -> str:
        """E-mail address and telephone number, masked."""
        return f"{masked(order, 'contact_email')}, {masked(order, 'contact_phone', head=0, tail=2)}"

    @admin.display(description="Segments")
    def trip(self, order: Order) -> SafeString | str:
        """A line for each flight, in local times."""
        segments = [segment for part in order.slices for segment in part["segments"]]
        lines = [
            (
                f"{part['carrier']} {part['flight_number']}",
                f"{part['origin']} – {part['destination']}",
                f"{_local(part['departing_at_local'])} → {_local(part['arriving_at_local'])}",
                part["cabin"].replace("_", " "),
            )
            for part in segments
        ]
        return format_html_join("", "<div><strong>{}</strong> · {} · {} · {}</div>", lines)

    @admin.display(description="Payments")
    def paid(self, order: Order) -> SafeString | str:
        """What the payments app has told."""
        return _facts("payments_payment", order.payments)

    @admin.display(description="Refunds")
    def given_back(self, order: Order) -> SafeString | str:
        """What the payments app has told."""
        return _facts("payments_refund", order.refunds)

    # What staff may do

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The buttons that fit the order's status."""
        status = Order.objects.filter(pk=unquote(str(object_id))).values_list("status", flat=True).first()
        move = _BUTTONS.get(OrderStatus(status), "") if status else ""
        offered = {f"orders_order_{name}" for name in (move, "reveal_personal_data")}
        return [button for button in super().get_actions_detail(request, object_id) if button.action_name in offered]

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """A right of its own: the right to change orders opens no form."""
        return bool(request.user.has_perm("orders.cancel_order"))

    def has_archive_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Likewise."""
        return bool(request.user.has_perm("orders.archive_order"))

    def subject_of(self, row: Order) -> str:
        """The owner; an erasure of theirs takes the passengers along."""
        return str(row.owner_id)

    def personal_data(self, row: Order) -> list[tuple[str, str]]:
        """The contact, and who travels."""
        return [
            ("E-mail address", clear(row, "contact_email")),
            ("Telephone", clear(row, "contact_phone")),
            *((numbered(person), _identity(person)) for person in row.passengers.all()),
        ]

    @action(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Cancel order",
        url_path="cancel",
        icon="cancel",
        variant=ActionVariant.DANGER,
        permissions=["cancel", "view"],
        dialog=CANCEL,
    )
    def cancel_unpaid(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        """Give up an order that waits for its payment."""
        return self._make_move(request, form, object_id, cancel_order)

    @action(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Archive order",
        url_path="archive",
        icon="archive",
        permissions=["archive", "view"],
        dialog=ARCHIVE,
    )
    def archive_flown(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        """Close a flown order's books before the hourly job does."""
        return self._make_move(request, form, object_id, archive_order)

    def _make_move(
        self, request: HttpRequest, form: ReasonForm, object_id: str, service: Callable[..., Order]
    ) -> HttpResponse:
        order_id, reason = unquote(object_id), form.cleaned_data["reason"]
        if self.get_object(request, order_id) is None:
            raise Http404
        try:
            order = service(order_id=order_id, actor=Actor("staff", str(request.user.pk)), reason=reason)
        except AltisError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            self.log_change(request, order, f"{order.status}: {reason}")
            self.message_user(request, f"Order {order.reference} is {order.status.lower()}.", messages.SUCCESS)
        page = reverse("admin:orders_order_change", args=[quote(order_id)])
        # The dialog is sent by htmx, which follows this header with the whole page.
        return HttpResponse(headers={"HX-Redirect": page})


def _identity(person: Passenger) -> str:
    return f"{clear(person, 'given_name')} {clear(person, 'family_name')}, born {clear(person, 'born_on')}"


def _local(instant: str) -> str:
    return instant[:16].replace("T", " ")


def _facts(page: str, facts: list[dict[str, Any]]) -> SafeString | str:
    lines = (
        (
            f"{fact['amount']['amount']} {fact['amount']['currency']}",
            fact["status"].replace("_", " ").lower(),
            _local(fact["created_at"]),
            link_to(page, fact["id"]),
        )
        for fact in facts
    )
    return format_html_join("", "<div><strong>{}</strong> {} · {} UTC · {}</div>", lines) or "–"
