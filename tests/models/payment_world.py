"""What the payment model is made of: the order, attempts to pay it, the gateway's own book, and the guards.

The statuses are the product's own. One seat stands for all that the order holds.
"""

from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Final, NamedTuple

from orders.lifecycle import OrderStatus
from payments.lifecycle import LIVE, UNDECIDED, PaymentStatus


class Intent(IntEnum):
    """A charge in the gateway's book; also what the gateway says of it."""

    NONE = auto()  # never heard of it; as an answer: nothing that can be read
    CREATED = auto()
    PENDING = auto()  # will be captured by and by
    CAPTURED = auto()
    CAPTURED_WRONG = auto()  # another amount than was asked for
    DECLINED = auto()  # may be tried again
    REFUSED = auto()  # for good
    CANCELLED = auto()  # fenced

    @property
    def said(self) -> str:
        """As a step of a trace puts it."""
        return self.name.lower().replace("_", " ")


TAKEN: Final = (Intent.CAPTURED, Intent.CAPTURED_WRONG)
_CAPTURES: Final = frozenset(TAKEN)
OUTCOMES: Final = (*TAKEN, Intent.DECLINED, Intent.REFUSED, Intent.PENDING)
OPEN: Final = (Intent.NONE, Intent.CREATED, Intent.PENDING)


class Step(IntEnum):
    """What the request that pays does next."""

    CREATE = auto()  # ask the gateway for an intent
    SUBMIT = auto()  # write its name down
    CONFIRM = auto()  # ask the gateway to charge
    LISTEN = auto()
    SETTLE = auto()  # apply what was heard
    OVER = auto()


class Attempt(NamedTuple):
    """One attempt to pay: our row, the gateway's book, and who is busy with it."""

    status: PaymentStatus | None = None  # not begun
    named: bool = False  # our row has the intent's name
    due: bool = False  # past its deadline
    step: Step = Step.OVER  # of the request that pays
    heard: Intent = Intent.NONE  # by that request
    janitor: Intent | None = None  # what the janitor has heard and not yet applied
    receipts: frozenset[Intent] = frozenset()  # webhook events that were received
    refunds: int = 0  # rows of ours
    refunded: int = 0  # of those, settled
    sending: bool = False  # the refund worker has called the gateway for the next one
    intent: Intent = Intent.NONE
    flying: bool = False  # our call to confirm is on its way
    events: frozenset[Intent] = frozenset()  # what the gateway tells by webhook, as often as it likes
    given_back: int = 0  # times the gateway paid the capture back

    @property
    def undecided(self) -> bool:
        """Whether we do not know yet."""
        return self.status in UNDECIDED

    @property
    def live(self) -> bool:
        """Whether no other attempt may begin."""
        return self.status in LIVE

    @property
    def busy(self) -> bool:
        """Whether somebody is in the middle of something."""
        return self.step is not Step.OVER or self.flying or self.janitor is not None or self.sending

    def now(self, status: PaymentStatus) -> "Attempt":
        """The attempt decided. What matters only to an open one is forgotten, so that equal futures are one state."""
        captures = self.events & _CAPTURES, self.receipts & _CAPTURES
        return self._replace(status=status, due=False, named=True, events=captures[0], receipts=captures[1])

    def decided_as(self, intent: Intent) -> "Attempt":
        """The attempt after the gateway wrote this into its book, with a webhook if it is a decision."""
        if intent is Intent.PENDING:
            return self._replace(intent=intent)
        return self._replace(intent=intent, events=self.events | {intent})


class Seat(IntEnum):
    """What has become of what the order holds."""

    HELD = auto()
    SOLD = auto()
    RELEASED = auto()


class World(NamedTuple):
    """The order with its seat, whether its 30 minutes are over, and the attempts to pay it."""

    order: OrderStatus
    attempts: tuple[Attempt, ...]
    seat: Seat = Seat.HELD
    late: bool = False

    def put(self, who: int, attempt: Attempt) -> "World":
        """The same world with one attempt changed."""
        return self._replace(attempts=(*self.attempts[:who], attempt, *self.attempts[who + 1 :]))


@dataclass(frozen=True, slots=True)
class Guards:
    """The protocol's guards. Each may be turned off, to see what it is for."""

    lock_in: bool = True  # PAYMENT_PENDING before the gateway is called
    fence: bool = True  # the janitor cancels past the deadline; without, it reads
    late_refund: bool = True  # a capture that cannot be used goes back; without, it is ignored
    receipts: bool = True  # a webhook event is applied once
    refund_once: bool = True  # nor does the success handler make a second refund of one capture
    refund_key: bool = True  # the gateway pays a refund once per key
    order_checked: bool = True  # a success pays only an order that waits for it
    amounts: bool = True  # the captured amount is compared
    given_once: bool = True  # staff give back what an order is paid with, and nothing else


@dataclass(frozen=True, slots=True)
class Scenario:
    """How many attempts there may be, and how the gateway behaves."""

    attempts: int = 2
    outcomes: tuple[Intent, ...] = OUTCOMES  # of a call to confirm
    # Webhooks may come twice, late and in any order. Unless they arrive at last, all of them may be lost.
    arrive: bool = False
    # A declined charge may yet be captured, by the customer's hand at the gateway. Only a webhook would tell us.
    sloppy: bool = False
    # Staff may give a paid order up, and its money back.
    staff: bool = False
