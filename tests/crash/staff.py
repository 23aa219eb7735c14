"""What staff do with a paid order, while something dies."""

from altis.shared.errors import AltisError
from catalog.models import Flight
from orders.models import Order
from payments.models import Payment, Refund
from payments.services.pay import pay_order
from tests.crash import worker
from tests.crash.scenes import Scene
from tests.crash.worker import Said
from tests.offers import market
from tests.payments.purchases import make_order, refunds_of


class GivesUp(Scene):
    """The money of a paid order goes back."""

    do, stock, done = "give_back", 3, "CANCELLED SUCCEEDED 200.00"

    def arrange(self) -> None:
        self.order = pay_order(order_id=make_order(self.stage.actor).pk, token="tok_visa", actor=self.stage.actor).order
        self.args = {"order_id": self.order.pk}

    def state(self) -> str:
        refunds = Refund.objects.filter(payment__order=self.order).values_list("status", flat=True)
        sent = refunds_of(self.stage.simulator, Payment.objects.get(order=self.order))
        return " ".join([Order.objects.get(pk=self.order.pk).status, *refunds, *sent])

    def retry(self) -> Said:
        try:
            return worker.OPERATIONS[self.do](**self.args).said
        except AltisError as refused:
            return refused.code


class Moves(GivesUp):
    """A paid order goes on another flight, which has one seat."""

    do, done = "rebook", "FULFILLED 1"

    def arrange(self) -> None:
        super().arrange()
        self.other = market.fly("101", day=market.soon(11), seats=1)
        came_from = self.order.slices[0]["segments"][0]["flight_id"]
        self.args = {**self.args, "from_flight": came_from, "to_flight": self.other.pk}

    def state(self) -> str:
        sold = Flight.objects.get(pk=self.other.pk).inventory.get(product=None).sold
        return f"{Order.objects.get(pk=self.order.pk).status} {sold}"
