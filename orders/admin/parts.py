"""How the parts of an order are called and coloured, here and on the pages of others."""

from orders.models import Order, Passenger

ORDER_COLOURS = {
    "PROPOSED": "info",
    "PAYMENT_PENDING": "warning",
    "PAID": "success",
    "FULFILLED": "success",
    "ARCHIVED": "",
    "EXPIRED": "",
    "CANCELLED": "danger",
}
ITEM_COLOURS = {"HELD": "info", "CONFIRMED": "success", "CANCELLED": "danger", "REFUNDED": "warning", "EXCHANGED": ""}


def numbered(passenger: Passenger) -> str:
    """`Adult 1`."""
    return f"{passenger.type.capitalize()} {passenger.position + 1}"


def words(code: str) -> str:
    """`customer_request` as `Customer request`."""
    return code.replace("_", " ").capitalize()


def route(order: Order) -> str:
    """`LHR – JFK, 3 Dec 2026`, of the first slice; with `+1` for each further one."""
    if not order.slices:
        return "–"
    segments = order.slices[0]["segments"]
    more = f" +{len(order.slices) - 1}" if len(order.slices) > 1 else ""
    return f"{segments[0]['origin']} – {segments[-1]['destination']}, {segments[0]['departing_at_local'][:10]}{more}"


def local(instant: str) -> str:
    """`2026-12-03 08:30` of an instant that was kept as text."""
    return instant[:16].replace("T", " ")
