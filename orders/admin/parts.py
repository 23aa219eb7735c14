"""What belongs to an order, as tables below it. Names are masked, and barcodes are not shown at all."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from altis.privacy.masking import masked
from altis.store.admin.readonly import ReadOnlyInline, coloured, instant, link_to, unbroken
from orders.models import Document, OrderEvent, OrderItem, Passenger

ORDER_COLOURS = {
    "PROPOSED": "info",
    "PAYMENT_PENDING": "warning",
    "PAID": "success",
    "FULFILLED": "success",
    "ARCHIVED": "",
    "EXPIRED": "",
    "CANCELLED": "danger",
}
_ITEM_COLOURS = {"HELD": "info", "CONFIRMED": "success", "CANCELLED": "danger", "REFUNDED": "warning", "EXCHANGED": ""}


class ItemInline(ReadOnlyInline):
    """What was sold."""

    model = OrderItem
    fields = ("what", "for_whom", "on_flight", "at_seat", "each", "price", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderItem]:
        """With the flight and the passenger of each."""
        rows: QuerySet[OrderItem] = super().get_queryset(request)
        return rows.select_related("flight", "passenger")

    @admin.display(description="Item")
    def what(self, item: OrderItem) -> str:
        """`2 × Checked bag`."""
        return f"{item.quantity} × {item.name}"

    @admin.display(description="For")
    def for_whom(self, item: OrderItem) -> str:
        """The passenger, or the type of passenger."""
        return numbered(item.passenger) if item.passenger else item.passenger_type.capitalize() or "–"

    @admin.display(description="Flight")
    def on_flight(self, item: OrderItem) -> SafeString | str:
        """The flight's page."""
        flight = item.flight
        if flight is None:
            return "–"
        text = f"{flight.carrier} {flight.flight_number} {flight.origin_id}–{flight.destination_id}"
        return link_to("catalog_flight", flight.pk, text)

    @admin.display(description="Seat")
    def at_seat(self, item: OrderItem) -> str:
        """The seat that was chosen."""
        return item.seat or "–"

    @admin.display(description="Each")
    def each(self, item: OrderItem) -> str:
        """The unit price."""
        return str(item.unit)

    @admin.display(description="Total")
    def price(self, item: OrderItem) -> str:
        """The price of the line."""
        return str(item.total)

    @coloured(_ITEM_COLOURS, description="Status")
    def state(self, item: OrderItem) -> str:
        """Where the item stands."""
        return item.status


class PassengerInline(ReadOnlyInline):
    """Who travels."""

    model = Passenger
    fields = ("number", "name")

    @admin.display(description="Passenger")
    def number(self, passenger: Passenger) -> str:
        """`Adult 1`."""
        return numbered(passenger)

    @admin.display(description="Name")
    def name(self, passenger: Passenger) -> str:
        """`T••• P•••`."""
        return f"{masked(passenger, 'given_name')} {masked(passenger, 'family_name')}"


class DocumentInline(ReadOnlyInline):
    """What the customer shows at the gate and in the lounge."""

    model = Document
    fields = ("type", "whose", "item", "when")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """With what they are for, and without the barcode."""
        rows: QuerySet[Document] = super().get_queryset(request)
        return rows.select_related("passenger", "item").defer("payload")

    @admin.display(description="Passenger")
    def whose(self, document: Document) -> str:
        """`Adult 1`."""
        return numbered(document.passenger) if document.passenger else "–"

    @admin.display(description="Issued at")
    def when(self, document: Document) -> SafeString:
        """The instant of issuing."""
        return unbroken(instant(document.created_at))


class HistoryInline(ReadOnlyInline):
    """Every move of the order, oldest first."""

    model = OrderEvent
    verbose_name_plural = "history"
    fields = ("when", "came_from", "to", "actor", "reason")
    ordering = ("sequence",)

    @admin.display(description="At")
    def when(self, event: OrderEvent) -> SafeString:
        """The instant of the move."""
        return unbroken(f"{event.at:%Y-%m-%d %H:%M:%S}")

    @coloured(ORDER_COLOURS, description="From")
    def came_from(self, event: OrderEvent) -> str:
        """The status before."""
        return event.from_status or ""

    @coloured(ORDER_COLOURS, description="To")
    def to(self, event: OrderEvent) -> str:
        """The status after."""
        return event.to_status


INLINES = (ItemInline, PassengerInline, HistoryInline, DocumentInline)


def numbered(passenger: Passenger) -> str:
    """`Adult 1`."""
    return f"{passenger.type.capitalize()} {passenger.position + 1}"
