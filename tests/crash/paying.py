"""The flows in which money moves while something dies."""

import json
import time

from django.conf import settings

from orders.models import Order
from orders.services.cancel import cancel_order
from payments.gateway import ChargeStatus
from payments.models import Payment, Refund
from payments.signatures import sign
from payments.tasks import run_janitor, send_refunds
from tests.crash import worker
from tests.crash.scenes import KEY, Scene
from tests.crash.worker import Said
from tests.payments.purchases import HOOK, begin_and_confirm, begin_and_submit, event, make_order, refunds_of, told

_PAST_THE_DEADLINE, _PAST_THE_PAUSE = 121, 6


class Pay(Scene):
    """A customer pays."""

    done = "FULFILLED SUCCEEDED captured"

    def arrange(self) -> None:
        self.order = make_order(self.stage.actor)
        self.args = self.stage.pay(self.order.pk, key=KEY)

    def state(self) -> str:
        payments = Payment.objects.filter(order=self.order).order_by("created_at")
        captured = set(payments.values_list("pk", flat=True)) & set(self.stage.simulator.captured())
        statuses = [Order.objects.get(pk=self.order.pk).status, list(payments)[-1].status]
        return " ".join([*statuses, *["captured"] * len(captured)])

    def insist(self) -> None:
        """A payment that the janitor has fenced is told as declined: its customer clicks again, with a new key."""
        if self.retry() == 402:
            again = worker.post(**self.stage.pay(self.order.pk, key="a-new-key"))
            assert (again.said, json.loads(again.body)["status"]) == (200, "FULFILLED")


class Hook(Pay):
    """The gateway tells of a capture that nobody has heard of."""

    def arrange(self) -> None:
        self.order = make_order(self.stage.actor)
        body = json.dumps(event("payment.captured", begin_and_confirm(self.order))).encode()
        signature = sign(body, settings.ALTIS_WEBHOOK_SECRETS[0], int(time.time()))
        self.args = {"path": HOOK, "body": body, "headers": {"Altis-Signature": signature}}

    def insist(self) -> None:
        """A gateway goes on until it hears 200; what it hears after the first is `duplicate`."""
        assert (self.retry(), self.heard[-1].body) == (200, b'{"outcome":"duplicate"}')
        self.heard.clear()


class JanitorFences(Pay):
    """The janitor ends an attempt whose process died before it was confirmed."""

    do, done = "janitor", "PROPOSED DECLINED"

    def arrange(self) -> None:
        self.order = make_order(self.stage.actor)
        begin_and_submit(self.order)
        self.stage.clock.advance(_PAST_THE_DEADLINE)

    def retry(self) -> Said:
        self.stage.clock.advance(_PAST_THE_PAUSE)
        return f"did {run_janitor()}"

    def insist(self) -> None:
        assert self.retry() == "did 0"


class JanitorFinds(JanitorFences):
    """The janitor finds that an attempt whose process died had been captured."""

    done = "FULFILLED SUCCEEDED captured"

    def arrange(self) -> None:
        self.order = make_order(self.stage.actor)
        begin_and_confirm(self.order)
        self.stage.clock.advance(_PAST_THE_DEADLINE)


class GiveBack(Scene):
    """Money arrived for an order that its customer had cancelled."""

    do, seats, done = "refunds", 1, "CANCELLED REFUNDED SUCCEEDED 200.00"

    def arrange(self) -> None:
        order = make_order(self.stage.actor)
        self.payment = begin_and_confirm(order)
        told(self.payment, ChargeStatus.DECLINED, retryable=True)
        cancel_order(order_id=order.pk, actor=self.stage.actor, reason="customer_cancelled")
        assert told(self.payment, ChargeStatus.SUCCEEDED) == "refunded"

    def state(self) -> str:
        refund = Refund.objects.select_related("payment__order").get(payment=self.payment)
        statuses = [refund.payment.order.status, refund.payment.status, refund.status]
        return " ".join([*statuses, *refunds_of(self.stage.simulator, self.payment)])

    def retry(self) -> Said:
        self.stage.clock.advance(_PAST_THE_PAUSE)
        return f"did {send_refunds()}"
