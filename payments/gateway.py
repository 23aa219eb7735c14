"""The port to whoever moves the money: what a gateway must do, and what it answers.

Real gateways and the simulator stand behind this port in payments.gateways. A call never raises for trouble on the
network: the answer is then UNKNOWN, and the money may or may not have moved.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, cast

from django.conf import settings
from django.db import connections, transaction
from django.utils.module_loading import import_string

from altis.shared.errors import NotFound
from altis.shared.money import Money


class ChargeStatus(StrEnum):
    """What the gateway says about one charge."""

    SUCCEEDED = "SUCCEEDED"  # the money was captured
    DECLINED = "DECLINED"  # nothing was and nothing will be captured: the card said no
    CANCELLED = "CANCELLED"  # nothing was and nothing will be captured: we fenced it
    PENDING = "PENDING"  # not decided yet; nothing captured so far
    UNKNOWN = "UNKNOWN"  # no readable answer: any of the above may be true


class RefundStatus(StrEnum):
    """What the gateway says about one refund."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"  # refused; the same call would be refused again
    UNKNOWN = "UNKNOWN"  # no readable answer: repeat with the same key


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge as the gateway sees it. Only UNKNOWN may lack the amount and the intent."""

    status: ChargeStatus
    intent_id: str | None = None
    amount: Money | None = None
    decline_code: str | None = None
    retryable: bool = False  # beside DECLINED and CANCELLED: the customer may try again


@dataclass(frozen=True, slots=True)
class RefundResult:
    """One refund as the gateway sees it; the id stands beside SUCCEEDED."""

    status: RefundStatus
    refund_id: str | None = None


class EntryKind(StrEnum):
    """Which way the money went."""

    CAPTURE = "capture"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the gateway's own ledger. `payment_id` is the key of its charge, `key` that of a refund."""

    kind: EntryKind
    id: str
    intent_id: str
    payment_id: str
    key: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A part of the gateway's ledger, oldest first, as of `told_at` on its clock; `next` is empty on the last page."""

    entries: tuple[Entry, ...]
    told_at: datetime
    next: str


class Gateway(Protocol):
    """A payment gateway. Every call may be repeated, and refuses to run inside a database transaction."""

    name: str

    def create(self, *, key: str, amount: Money) -> Charge:
        """Open a charge for our payment id; the same key gives the same charge. UNKNOWN has no intent."""

    def confirm(self, *, intent_id: str, token: str) -> Charge:
        """Charge the customer's token. A fenced charge answers CANCELLED and stays uncaptured."""

    def get(self, *, intent_id: str) -> Charge:
        """Read the charge and change nothing."""

    def cancel(self, *, intent_id: str) -> Charge:
        """The fence: CANCELLED (never to be captured), or what was decided before, SUCCEEDED or DECLINED."""

    def refund(self, *, key: str, intent_id: str, amount: Money) -> RefundResult:
        """Give captured money back, once per key."""

    def statement(self, *, since: datetime | None = None, after: str = "") -> StatementPage | None:
        """The gateway's own ledger, from an instant on, page by page (`after` is the last page's `next`).

        All pages together have at least what was there when the first was asked for. None: no readable answer.
        """


class UnknownGateway(NotFound):
    """No gateway has this name."""

    message = "There is no payment gateway of this name."


GATEWAYS: Final = {"simulator": "payments.gateways.simulator.open_gateway"}


def get_gateway(name: str | None = None) -> Gateway:
    """The gateway of this name, or the one ALTIS_PAYMENT_GATEWAY names; raises UnknownGateway.

    Gateways are named by dotted path, as Django names its back ends, since they import this port.
    """
    path = GATEWAYS.get(name or settings.ALTIS_PAYMENT_GATEWAY)
    if path is None:
        raise UnknownGateway
    return cast(Gateway, import_string(path)())


def assert_no_transaction() -> None:
    """Raise RuntimeError when this thread holds a database transaction: no lock may wait for the network.

    An open block is handed to Django's own test for durability, ``atomic(durable=True)``. It refuses to be nested,
    except in the block that a TestCase (and so pytest's ``django_db``) wraps around a whole test.
    """
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            with transaction.atomic(using=connection.alias, savepoint=False, durable=True):
                pass
