"""What wants attention now: counts over rows of partial indexes, and what the last checks said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from altis.backoffice.counting import count_many
from altis.backoffice.worklists import stuck_payments
from altis.backoffice.worklists.counts import counts
from altis.backoffice.worklists.gate_drift import GATE_DRIFT
from altis.shared.clock import iso, now
from altis.store.database import DbNow
from altis.store.models import OutboxEvent
from orders.lifecycle import OrderStatus
from orders.models import Order
from payments.lifecycle import UNDECIDED, RefundStatus
from payments.models import Payment, Refund

_SOON = timedelta(minutes=5)
_LAG_ALARM = 60  # seconds: the relay is asked many times a second


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
        "status__in=CREATED,SUBMITTED,UNKNOWN",
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
        lambda: OutboxEvent.objects.filter(parked_at__isnull=False),
        urgent=True,
    ),
)


def shown(request: HttpRequest) -> list[dict[str, Any]]:
    """The cards that this member of staff may see."""
    may = request.user.has_perm
    mine = [gauge for gauge in GAUGES if may(gauge.right)]
    wanted = {gauge.title: gauge.rows() for gauge in mine}
    if may("payments.view_payment"):
        wanted["stuck"] = stuck_payments.waiting()
    found = count_many(wanted)
    cards = [
        _card(gauge.title, found[gauge.title], gauge.hint, gauge.link, alarm=gauge.urgent and found[gauge.title] > 0)
        for gauge in mine
    ]
    return [*cards, *_stuck(found), *(_lag() if may("store.view_outboxevent") else ()), *_drift(request)]


def _stuck(found: Mapping[str, int]) -> list[dict[str, Any]]:
    if "stuck" not in found:
        return []
    link = reverse("admin:work_list", args=[stuck_payments.STUCK_PAYMENTS.name])
    number = found["stuck"]
    return [_card("Stuck payments", number, "past their deadline, undecided", link, alarm=number > 0)]


def _lag() -> list[dict[str, Any]]:
    oldest = _waiting_events().order_by("position").values_list("created_at", flat=True).first()
    seconds = max(0, round((now() - oldest).total_seconds())) if oldest else 0
    link = f"{reverse('admin:store_outboxevent_changelist')}?state=waiting"
    return [_card("Outbox lag", f"{seconds:,} s", "age of the oldest waiting event", link, alarm=seconds > _LAG_ALARM)]


def _drift(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.has_perm(GATE_DRIFT.right):
        return []
    drift = counts().get(GATE_DRIFT.name)
    link = reverse("admin:work_list", args=[GATE_DRIFT.name])
    hint = "no check has told for 15 minutes" if drift is None else "gates that differ from the ledger"
    return [_card("Inventory drift", "–" if drift is None else drift, hint, link, alarm=bool(drift))]


def _card(title: str, number: int | str, hint: str, link: str, *, alarm: bool) -> dict[str, Any]:
    return {"title": title, "number": number, "hint": hint, "link": link, "alarm": alarm}
