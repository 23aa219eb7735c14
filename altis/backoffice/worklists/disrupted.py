"""Cancelled flights with travellers who have paid."""

from django.db.models import Count
from django.urls import reverse

from altis.backoffice.disruption import disrupted_flights, disrupted_orders
from altis.backoffice.worklists.row import MOST_ROWS, Row, WorkList
from altis.store.admin.readonly import link_to
from catalog.lifecycle import HoldStatus
from catalog.models import Flight, Hold


def _rows() -> list[Row]:
    flights = list(disrupted_flights()[:MOST_ROWS])
    orders = _orders_on(flights)
    return [
        Row(
            key=flight.pk,
            what=link_to("catalog_flight", flight.pk, str(flight)),
            since=flight.cancelled_at,
            cause=_cause(orders.get(flight.pk, 0)),
            link=reverse("admin:work_flight", args=[flight.pk]),
            link_text="Rebook or refund",
        )
        for flight in flights
    ]


def _cause(orders: int) -> str:
    still = "1 paid order is" if orders == 1 else f"{orders} paid orders are"
    return f"The flight was cancelled. {still} still on it."


def _orders_on(flights: list[Flight]) -> dict[str, int]:
    still = disrupted_orders().values("pk")
    counted = (
        Hold.objects.filter(inventory__flight__in=flights, status=HoldStatus.SOLD, order_id__in=still)
        .order_by()
        .values_list("inventory__flight")
        .annotate(orders=Count("order_id", distinct=True))
    )
    return dict(counted)


DISRUPTED = WorkList(
    name="disrupted",
    title="Disrupted orders",
    icon="flight_land",
    right="orders.view_order",
    hint="Paid, and on a flight that was cancelled",
    empty="No paid order is on a cancelled flight.",
    rows=_rows,
    waiting=disrupted_orders,
)
