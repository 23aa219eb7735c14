"""What wants attention now: counts over rows of partial indexes, and what the last checks said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from altis.backoffice.counting import count_many
from altis.backoffice.worklists import parked_events
from altis.backoffice.worklists.counts import counts
from altis.backoffice.worklists.gate_drift import GATE_DRIFT
from altis.backoffice.worklists.row import WorkList
from altis.backoffice.worklists.stuck_payments import STUCK_PAYMENTS
from altis.shared.clock import iso, now
from altis.store.database import DbNow
from altis.store.models import OutboxEvent
from orders.lifecycle import OrderStatus
from orders.models import Order
from payments.lifecycle import UNDECIDED, RefundStatus
from payments.models import Payment, Refund

_SOON = timedelta(minutes=5)
_LAG_ALARM = 60  # seconds: the relay is asked many times a second
_NO_CHECK = "no check has told for 15 minutes"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number of this moment, with the list behind it. `rows` are counted with those of all other gauges.

    `query`: of the list; `{soon}` in it is the instant that is five minutes ahead.
    """

    title: str
    hint: str
    right: str
    page: str
    query: str
    rows: Callable[[], QuerySet[Any]]
    urgent: bool = False

    @property
    def link(self) -> str:
        """The list behind the number."""
        return f"{reverse(f'admin:{self.page}_changelist')}?{self.query.format(soon=iso(now() + _SOON))}"


def _orders(status: OrderStatus) -> Callable[[], QuerySet[Order]]:
    return lambda: Order.objects.filter(status=status)


def _waiting_events() -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(published_at__isnull=True, parked_at__isnull=True)


GAUGES = (
    Gauge(
        "Waiting for payment",
        "seats are held",
        "orders.view_order",
        "orders_order",
        "status__exact=PROPOSED",
        _orders(OrderStatus.PROPOSED),
    ),
    Gauge(
        "Being paid",
        "locked in, no answer yet",
        "payments.view_payment",
        "payments_payment",
        f"status__in={','.join(UNDECIDED)}",
        lambda: Payment.objects.filter(status__in=UNDECIDED),
    ),
    Gauge(
        "Documents owed",
        "paid, not issued",
        "orders.view_order",
        "orders_order",
        "status__exact=PAID",
        _orders(OrderStatus.PAID),
    ),
    Gauge(
        "Refunds on their way",
        "not confirmed yet",
        "payments.view_refund",
        "payments_refund",
        "status__exact=PENDING",
        lambda: Refund.objects.filter(status=RefundStatus.PENDING),
    ),
    Gauge(
        "Holds about to end",
        "unpaid, in the next five minutes",
        "orders.view_order",
        "orders_order",
        "status__exact=PROPOSED&expires_at__lte={soon}",
        lambda: Order.objects.filter(status=OrderStatus.PROPOSED, expires_at__lte=DbNow() + _SOON),
    ),
    Gauge(
        "Events waiting",
        "not in Kafka yet",
        "store.view_outboxevent",
        "store_outboxevent",
        "state=waiting",
        _waiting_events,
    ),
    Gauge(
        "Events parked",
        "refused by Kafka: look at them",
        "store.view_outboxevent",
        "store_outboxevent",
        "state=parked",
        parked_events.waiting,
        urgent=True,
    ),
)


def shown(request: HttpRequest) -> list[dict[str, Any]]:
    """The cards that this member of staff may see."""
    may = request.user.has_perm
    mine = [gauge for gauge in GAUGES if may(gauge.right)]
    found = count_many({gauge.title: gauge.rows() for gauge in mine})
    cards = [
        _card(gauge.title, found[gauge.title], gauge.hint, gauge.link, alarm=gauge.urgent and found[gauge.title] > 0)
        for gauge in mine
    ]
    stuck = _waiting(request, STUCK_PAYMENTS, "Stuck payments", "past their deadline, undecided")
    drift = _waiting(request, GATE_DRIFT, "Inventory drift", "gates that differ from the ledger", _NO_CHECK)
    return [*cards, *stuck, *(_lag() if may("store.view_outboxevent") else ()), *drift]


def _lag() -> list[dict[str, Any]]:
    oldest = _waiting_events().order_by("position").values_list("created_at", flat=True).first()
    seconds = max(0, round((now() - oldest).total_seconds())) if oldest else 0
    link = f"{reverse('admin:store_outboxevent_changelist')}?state=waiting"
    return [_card("Outbox lag", f"{seconds:,} s", "age of the oldest waiting event", link, alarm=seconds > _LAG_ALARM)]


def _waiting(request: HttpRequest, work: WorkList, title: str, hint: str, unknown: str = "") -> list[dict[str, Any]]:
    """The card of a work list, with the number that the list itself shows; `unknown`: the hint without one."""
    if not request.user.has_perm(work.right):
        return []
    number = counts().get(work.name)
    link = reverse("admin:work_list", args=[work.name])
    if number is None:
        return [_card(title, "–", unknown, link, alarm=False)]
    return [_card(title, number, hint, link, alarm=number > 0)]


def _card(title: str, number: int | str, hint: str, link: str, *, alarm: bool) -> dict[str, Any]:
    return {"title": title, "number": number, "hint": hint, "link": link, "alarm": alarm}
