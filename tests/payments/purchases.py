"""Orders that wait for a payment, the phases of paying one by one, and what must be true of the books afterwards."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model
from django.test import Client

from altis.shared.actors import Actor, system
from altis.shared.ids import new_id
from altis.shared.money import Money
from altis.store.database import command
from catalog.models import Flight, Inventory
from offers.services.search import search_offers
from offers.trip import Passenger, SearchRequest, SliceRequest
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.placing import Contact, Traveller
from orders.services.place import place_order
from payments.gateway import Charge, ChargeStatus, Gateway, RefundResult, StatementPage, get_gateway
from payments.models import Payment
from payments.services.outcome import apply_charge, lock_payment
from payments.services.pay import begin_payment, open_intent
from payments.signatures import sign
from tests.insight.books import ALWAYS, violations
from tests.offers import market
from tests.payments.simulators import Simulator

Row = TypeVar("Row", bound=Model)
HOOK = "/v1/webhooks/payments/simulator"
_AROUND_A_PAYMENT = ("I2", "I5", "I9", "I13", "I14b", "I16", "I17", "I20", "I22", "I31", "I32")
SOLD = (OrderStatus.PAID, OrderStatus.FULFILLED, OrderStatus.ARCHIVED)


def make_order(actor: Actor) -> Order:
    """A PROPOSED order of one adult, Flight Only, on a flight that is made with the first one."""
    if not Flight.objects.exists():
        market.make_bundles()
        market.fly()
    asked = SearchRequest((SliceRequest("LHR", "JFK", market.soon()),), (Passenger("adult"),))
    offer = next(offer for offer in search_offers(request=asked).offers if offer.bundle == "flight_only")
    return place_order(
        offer_id=offer.id,
        travellers=[Traveller("TEST", "PASSENGER", date(1990, 12, 10))],
        contact=Contact("passenger@example.com", "+442079460018"),
        actor=actor,
    )


def begin(order: Order) -> Payment:
    """The lock-in alone, as if the process died right after it."""
    owner = Actor("user", order.owner_id)
    return begin_payment(order.pk, actor=owner)


def begin_and_submit(order: Order) -> Payment:
    """The lock-in, and the gateway knows the charge: as if the process died before it was confirmed."""
    payment = begin(order)
    open_intent(get_gateway(), payment)
    return reload(payment)


def begin_and_confirm(order: Order, token: str = "tok_visa") -> Payment:
    """Everything but the last phase: the gateway has decided and we have not heard it."""
    payment = begin_and_submit(order)
    get_gateway().confirm(intent_id=str(payment.intent_id), token=token)
    return payment


def word(status: ChargeStatus, payment: Payment, *, amount: Money | None = None, retryable: bool = False) -> Charge:
    """What a gateway may say about a payment, by default about its whole amount."""
    return Charge(status, payment.intent_id, amount or payment.amount, retryable=retryable)


def told(payment: Payment, status: ChargeStatus, *, amount: Money | None = None, retryable: bool = False) -> str:
    """The outcome of a gateway's word, applied in a transaction of its own."""
    with command():
        order, row = lock_payment(payment.pk)
        charge = word(status, row, amount=amount, retryable=retryable)
        return apply_charge(order, row, charge, cause=system("test", "gateway_said"))


def event(kind: str, payment: Payment, *, id: str = "", **data: object) -> dict[str, Any]:
    """The body of a webhook event; `data` goes into its data."""
    return {
        "id": id or new_id("evt"),
        "type": kind,
        "created_at": "2026-11-22T14:00:00Z",
        "data": {"payment_id": payment.pk, **payment.amount.as_json(), **data},
    }


def post_event(body: dict[str, Any] | bytes, *, at: int | None = None, secret: str = "", signature: str = "") -> Any:
    """Post a webhook as the gateway does, signed now with our newest secret unless told otherwise."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = sign(raw, secret or settings.ALTIS_WEBHOOK_SECRETS[0], at or int(time.time()))
    headers = {"Altis-Signature": signature or made}
    return Client().post(HOOK, raw, content_type="application/json", headers=headers)


def reload(row: Row) -> Row:
    """The row as it is now."""
    return type(row)._default_manager.get(pk=row.pk)


def units() -> tuple[int, int]:
    """Units held and sold, over all inventories."""
    rows = Inventory.objects.values_list("held", "sold")
    return sum(held for held, _ in rows), sum(sold for _, sold in rows)


def moves(order: Order) -> list[str]:
    """The statuses the order has been in, oldest first."""
    return list(order.events.order_by("sequence").values_list("to_status", flat=True))


def kept(simulator: Simulator, payments: Iterable[str]) -> int:
    """Cents that the gateway's own ledger has captured and not given back for these payments."""
    ledger, ours = simulator.call("/ledger")[1], set(payments)
    rows = [(1, row) for row in ledger["captures"]] + [(-1, row) for row in ledger["refunds"]]
    return sum(sign * Money.of(row["amount"], row["currency"]).minor for sign, row in rows if row["payment_id"] in ours)


def refunds_of(simulator: Simulator, payment: Payment) -> list[str]:
    """The amounts of the refunds in the gateway's own ledger."""
    return [row["amount"] for row in simulator.call("/ledger")[1]["refunds"] if row["payment_id"] == payment.pk]


def broken(*orders: Order) -> list[str]:
    """The numbers of the invariants around a payment that do not hold at this instant, for these orders or for all."""
    return list(violations(_AROUND_A_PAYMENT, *orders))


def assert_sound(simulator: Simulator) -> None:
    """Every invariant holds, and what the gateway has kept is what the sold orders cost."""
    assert violations(ALWAYS) == {}
    sold = Order.objects.filter(status__in=SOLD).values_list("total_minor", flat=True)
    assert kept(simulator, Payment.objects.values_list("pk", flat=True)) == sum(sold)


class Meanwhile:
    """The simulator gateway; something happens before or after it answers a confirmation, or the answer is lost."""

    name = "simulator"

    def __init__(
        self, *, before: Callable[[], object] = int, after: Callable[[], object] = int, lose: str = ""
    ) -> None:
        """`lose`: "answer" (the charge was made) or "call" (it was not)."""
        self._real: Gateway = get_gateway("simulator")
        self._before, self._after, self._lose = before, after, lose

    def create(self, *, key: str, amount: Money) -> Charge:
        return self._real.create(key=key, amount=amount)

    def confirm(self, *, intent_id: str, token: str) -> Charge:
        self._before()
        lost = Charge(ChargeStatus.UNKNOWN, intent_id)
        charge = lost if self._lose == "call" else self._real.confirm(intent_id=intent_id, token=token)
        self._after()
        return lost if self._lose else charge

    def get(self, *, intent_id: str) -> Charge:
        return self._real.get(intent_id=intent_id)

    def cancel(self, *, intent_id: str) -> Charge:
        return self._real.cancel(intent_id=intent_id)

    def refund(self, *, key: str, intent_id: str, amount: Money) -> RefundResult:
        return self._real.refund(key=key, intent_id=intent_id, amount=amount)

    def statement(self, *, since: datetime | None = None, after: str = "") -> StatementPage | None:
        return self._real.statement(since=since, after=after)
