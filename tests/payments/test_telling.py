"""Documents and answer are written with the outcome of a payment; when they fail, it is written without them."""

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError

from altis.api.claim_rows import AlreadyAnswered
from altis.privacy.errors import Erased
from altis.shared.actors import Actor
from altis.shared.errors import Unavailable
from orders.models import Document, Order
from payments.models import Payment
from payments.services import pay
from payments.services.janitor import run_janitor
from payments.services.telling import Told
from tests.conftest import Later
from tests.payments.purchases import assert_sound, make_order, reload, units
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(owner_actor: Actor, gateway: Simulator) -> Order:
    return make_order(owner_actor)


def pay_with(order: Order) -> pay.Paid:
    return pay.pay_order(order_id=order.pk, token="tok_visa", actor=Actor("user", order.owner_id))


def statuses() -> list[str]:
    return list(Payment.objects.order_by("pk").values_list("status", flat=True))


def _raise(error: type[Exception]) -> None:
    raise error


@pytest.mark.parametrize("error", [ValueError, IntegrityError, AlreadyAnswered, Erased])
def test_whatever_is_wrong_with_documents_or_answer_the_money_is_written_down(
    order: Order, gateway: Simulator, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def follow(*_: object) -> None:
        raise error

    monkeypatch.setattr(Told, "follow", follow)

    paid = pay_with(order)

    # Step by step: the outcome in a transaction of its own, and then the documents.
    assert (paid.open, paid.order.status, statuses()) == (False, "FULFILLED", ["SUCCEEDED"])
    assert (units(), Document.objects.count()) == ((0, 1), 1)
    assert_sound(gateway)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, Unavailable])
def test_without_the_database_the_outcome_is_left_to_the_janitor(
    order: Order, gateway: Simulator, monkeypatch: pytest.MonkeyPatch, later: Later, error: type[Exception]
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pay, "settle", lambda *_, sequel=None, **__: _raise(error) if sequel else pytest.fail("again"))
        with pytest.raises(error):
            pay_with(order)
    assert (reload(order).status, statuses()) == ("PAYMENT_PENDING", ["SUBMITTED"])

    later(16)
    assert run_janitor() == 1

    assert (reload(order).status, units()) == ("PAID", (0, 1))
    assert_sound(gateway)
