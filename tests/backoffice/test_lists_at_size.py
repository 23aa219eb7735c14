"""Every list with 100,000 orders and 30,000 flights behind it: under 300 ms and under 15 queries."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client

from altis.accounts.models import Reveal, User
from altis.accounts.roles import Role
from altis.audit.models import Entry
from altis.store.models import OutboxEvent
from catalog.models import Flight, Hold, Inventory, JournalEntry
from offers.models import Impression, Offer
from orders.models import Order
from payments.models import Payment, Refund, WebhookReceipt
from tests.backoffice.conftest import Staff
from tests.backoffice.crowds import FLIGHTS, ORDERS, gather
from tests.backoffice.measuring import measured, slow, write_down
from tests.backoffice.pages import page, registered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
_LONG = 10_000
_TODAY = datetime.now(UTC).date()
# What staff do on the longest lists.
_QUESTIONS = {
    Order: (
        "?q=00ABCD",
        "?q=Passenger",
        "?q=passenger%40example.com",
        "?q=pay_00000000000000000000012345",
        "?q=ord_00000000000000000000012345",
        "?status__exact=FULFILLED",
        "?flight=AL+1042",
        f"?placed_from={_TODAY - timedelta(days=60)}&placed_to={_TODAY - timedelta(days=30)}",
        f"?departs={_TODAY}",
        "?bundle=premium",
        "?currency=USD",
        "?status__exact=PROPOSED&expires_at__lte=2099-01-01T00:00:00Z",
    ),
    Entry: (
        "?source__exact=change",
        "?source__exact=order",
        "?did=deleted",
        "?object=catalog_fare",
        f"?who=usr_{5:026}",
        f"?q=usr_{5:026}",
        f"?q=ord_{5:026}",
        "?q=AL",
        f"?at__year={_TODAY.year}",
    ),
    Flight: (
        "?q=1042",
        "?q=LHR+JFK",
        f"?q=AL+1042+{_TODAY}",
        "?sales=open",
        "?full=90&when=all",
        "?when=past",
        f"?departure_date__year={_TODAY.year}",
    ),
    Inventory: ("?q=LHR-JFK", "?q=AL+1042", f"?flight__departure_date__year={_TODAY.year}"),
    Hold: ("?q=AL+1042", f"?q=ord_{5:026}", "?status=SOLD"),
    JournalEntry: ("?q=AL+1042", "?q=inv_1000042", f"?q=ord_{5:026}", "?kind=CAPACITY"),
    Payment: (f"?q=pay_{5:026}", "?q=00ABCD", "?status__exact=UNKNOWN", "?gateway=simulator"),
    Refund: (f"?q=pay_{5:026}", "?q=00ABCD", "?status__exact=FAILED"),
    WebhookReceipt: (f"?q=pay_{5:026}", "?outcome=unknown", "?type=payment.captured"),
    Offer: (f"?q=off_{5:026}", "?status__exact=CANCELLED", "?bundle=premium", f"?decided_at__year={_TODAY.year}"),
    Impression: (f"?q=srh_{5:026}", "?outcome__exact=accepted", f"?shown_at__year={_TODAY.year}"),
    OutboxEvent: (f"?q=ord_{5:026}", "?state=waiting", "?state=parked", "?topic=altis.orders"),
    User: ("?q=someone%40example.com", f"?q=usr_{5:026}", "?is_staff__exact=1"),
    Reveal: (f"?q=usr_{5:026}", "?object_type=order"),
    LogEntry: (f"?q=usr_{5:026}", "?action_flag__exact=3"),
}


@pytest.fixture
def crowd(everything: Order) -> None:
    gather()
    assert (Order.objects.count() > ORDERS, Flight.objects.count() > FLIGHTS) == (True, True)


def _turned(client: Client, model: type[Model]) -> list[str]:
    """A list by every head of a column that sorts, both ways, and its second and last page."""
    rows = model._default_manager.count()
    if rows < _LONG:
        return []
    shown: Any = client.get(page(model, "changelist")).context["cl"]
    sorts = [number for number, name in enumerate(shown.list_display) if shown.get_ordering_field(name)]
    ways = [f"?o={way}{number}" for number in sorts for way in ("", "-")]
    listed = min(rows, shown.queryset.count())  # flights that have left are not on the usual list
    last = min(listed // shown.list_per_page, shown.paginator.num_pages)
    return [f"{page(model, 'changelist')}{query}" for query in (*ways, "?p=2", f"?p={last}")]


def _addresses(client: Client) -> list[str]:
    """The pages of the sidebar, the lists of all models, and the questions."""
    context: Any = client.get("/admin/").context
    shown = [item["link"] for part in context["sidebar_navigation"] for item in part["items"]]
    lists = [page(model, "changelist") for model in registered()]
    turned = [address for model in registered() for address in _turned(client, model)]
    asked = [f"{page(model, 'changelist')}{query}" for model, queries in _QUESTIONS.items() for query in queries]
    return list(dict.fromkeys([*shown, *lists, *turned, *asked]))


@pytest.mark.timeout(1500)
def test_every_list_is_quick_when_the_tables_are_full(crowd: None, staff: Staff) -> None:
    client = staff(Role.ADMINISTRATOR.value)

    pages = {address: measured(client, address) for address in _addresses(client)}

    write_down(pages, "lists-at-size.txt")
    assert slow(pages) == {}
    assert len(pages) > 150
