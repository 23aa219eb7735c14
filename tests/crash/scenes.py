"""The flows in which something dies: what is set up, what is done, what its caller does next, and how it ends."""

from collections.abc import Mapping
from typing import Any

from django.test import override_settings

from altis.store.models import OutboxEvent
from orders.models import Order
from orders.tasks import sweep_expired
from payments.gateway import ChargeStatus
from tests.crash import worker
from tests.crash.stage import Stage, publish
from tests.crash.worker import Outcome, Said
from tests.orders.trips import offer_for
from tests.payments.purchases import begin_and_submit, make_order, told
from tests.store import brokers as read

KEY = "the-same-key"
_HOLD_SECONDS = 60


class Scene:
    """One operation on a stage. `state()` says in a few words what became of it, in all books that know."""

    do = "post"
    seats = 2  # one for the customer, one for another
    stock = 2  # offers for the others, of whom the last finds nothing left
    done: str  # the state in the end

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.heard: list[Outcome] = []
        self.args: Mapping[str, Any] = {}
        stage.open_flight(self.seats)
        self.arrange()
        stage.stock(self.stock)

    def arrange(self) -> None:
        """Whatever the operation needs."""

    def state(self) -> str:
        """What became of the operation."""
        raise NotImplementedError

    def retry(self) -> Said:
        """What the caller does who has heard nothing, or a 503: the same request again."""
        outcome = worker.post(**self.args)
        self.heard.append(outcome)
        return outcome.said

    def insist(self) -> None:
        """What the caller does after everything was repaired."""
        self.retry()

    def replies(self) -> set[bytes]:
        """The bodies of all successes: one, under one key."""
        return {outcome.body for outcome in self.heard if isinstance(outcome.said, int) and outcome.said < 300}


class Accept(Scene):
    """A customer accepts an offer that needs a seat and a place in the lounge."""

    done = "PROPOSED"

    def arrange(self) -> None:
        self.args = self.stage.accept(offer_for(bundle="premium").id, key=KEY)

    def state(self) -> str:
        return " ".join(Order.objects.filter(owner_id=self.stage.actor.id).values_list("status", flat=True))


class Sweep(Scene):
    """The holds of two orders end."""

    do, seats, stock, done = "sweep", 3, 4, "EXPIRED EXPIRED"

    def arrange(self) -> None:
        with override_settings(ALTIS_ORDER_HOLD_SECONDS=_HOLD_SECONDS):
            for _ in range(2):
                make_order(self.stage.actor)
        self.stage.clock.advance(_HOLD_SECONDS + 1)

    def state(self) -> str:
        return " ".join(Order.objects.filter(owner_id=self.stage.actor.id).values_list("status", flat=True))

    def retry(self) -> Said:
        return f"did {sweep_expired()}"


class Relay(Scene):
    """Events wait for Kafka."""

    do, done = "relay", "published"

    def arrange(self) -> None:
        self.order = make_order(self.stage.actor)
        told(begin_and_submit(self.order), ChargeStatus.DECLINED, retryable=True)

    def state(self) -> str:
        waiting = OutboxEvent.objects.filter(subject=self.order.pk, published_at__isnull=True)
        return "waiting" if waiting.exists() else "published"

    def insist(self) -> None:
        """A consumer that leaves repetitions out has the order's three events, in order."""
        seen = [read.body(message) for message in read.told("altis.orders", self.order.pk, count=3)]
        first = list({event["id"]: event["sequence"] for event in seen}.values())
        assert first == [1, 2, 3]

    def retry(self) -> Said:
        publish()
        return "published"
