"""The payment protocol in every order of events: right as it is, and wrong without any one of its guards."""

from functools import cache

import pytest

from tests.models.explorer import Report, explore
from tests.models.payment import Payment
from tests.models.payment_world import Guards, Intent, Scenario

# One worker for all, since the walks are shared.
pytestmark = pytest.mark.xdist_group("models of the payment")

PLAIN = (Intent.CAPTURED, Intent.DECLINED)
ONE = Scenario(attempts=1)
ONE_SLOPPY = Scenario(attempts=1, outcomes=PLAIN, arrive=True, sloppy=True)

WORLDS = {
    "two attempts, every webhook may be lost": Scenario(),
    "two attempts, a decline may become a capture": Scenario(outcomes=PLAIN, arrive=True, sloppy=True),
    "one attempt, any outcome may become a capture": Scenario(attempts=1, arrive=True, sloppy=True),
    "one attempt, staff may give the money back": Scenario(attempts=1, staff=True),
}
# States and transitions: a change of the protocol or of its model shows here.
SIZES = {
    "two attempts, every webhook may be lost": (66645, 512633),
    "two attempts, a decline may become a capture": (78939, 633801),
    "one attempt, any outcome may become a capture": (1115, 4944),
    "one attempt, staff may give the money back": (917, 3957),
}


@cache
def walked(name: str) -> Report:
    return explore(Payment(WORLDS[name]))


def assert_caught(model: Payment, promise: str, trace: list[str]) -> None:
    report = explore(model)
    assert (report.promise, list(report.trace)) == (promise, trace)


@pytest.mark.parametrize("name", WORLDS)
def test_no_order_of_events_keeps_money_for_nothing_or_gives_a_payers_seat_away(name: str) -> None:
    report = walked(name)

    assert (report.promise, report.trace) == ("", ())
    assert (report.states, report.transitions) == SIZES[name]


def test_the_worlds_show_what_they_are_about() -> None:
    lost, late = (walked(name).steps for name in list(WORLDS)[:2])

    assert {"the sweep expires the order", "the customer cancels", "2: begins", "1: the request dies"} <= lost & late
    assert {"1: the janitor fences", "1: the janitor finds the intent", "1: the call to confirm is lost"} <= lost & late
    assert {"2: a webhook says captured wrong", "2: the gateway pays the refund", "2: the refund worker dies"} <= lost
    assert {"1: the gateway captures late", "1: the gateway pays the refund"} <= late
    assert "staff give the money back" in walked("one attempt, staff may give the money back").steps


def test_without_the_lock_in_a_payers_seat_is_given_away() -> None:
    trace = ["1: begins", "the customer cancels"]

    assert_caught(Payment(ONE, Guards(lock_in=False)), "the seat is given away while a payment is undecided", trace)


def test_a_janitor_that_reads_keeps_money_for_nothing_when_the_webhook_is_lost() -> None:
    world = Scenario(attempts=1, outcomes=PLAIN)

    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: 2 minutes are over",
        "1: the janitor reads",
        "1: the gateway says captured",
        "1: the request dies",
        "1: the janitor applies it",
    ]
    assert_caught(Payment(world, Guards(fence=False)), "money was taken for nothing", trace)


def test_a_janitor_that_reads_charges_twice_even_when_every_webhook_arrives_at_last() -> None:
    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: 2 minutes are over",
        "1: the janitor reads",
        "1: the gateway says captured",
        "1: the janitor applies it",
        "2: begins",
        "2: an intent is created",
        "2: the intent is written down",
        "2: confirms",
        "2: the gateway says captured",
    ]
    reading = Guards(fence=False)
    assert_caught(Payment(Scenario(outcomes=PLAIN, arrive=True), reading), "the customer is charged twice", trace)
    assert explore(Payment(Scenario(attempts=1, arrive=True), reading)).promise == ""


def test_a_late_success_that_is_ignored_is_money_taken_for_nothing() -> None:
    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: the gateway says declined, and is heard",
        "1: the gateway captures late",
        "1: the request settles",
        "the customer cancels",
    ]
    assert_caught(Payment(ONE_SLOPPY, Guards(late_refund=False)), "money was taken for nothing", trace)


def test_a_webhook_applied_twice_is_refunded_twice_where_the_effect_is_not_idempotent() -> None:
    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: the gateway says captured wrong",
        "1: a webhook says captured wrong",
        "1: the gateway pays the refund",
        "1: the refund is settled",
        "1: a webhook says captured wrong",
        "1: the gateway pays the refund",
    ]
    both_off = Guards(receipts=False, refund_once=False)
    assert_caught(Payment(ONE, both_off), "more was given back than was taken", trace)


def test_an_idempotent_effect_needs_no_receipts() -> None:
    assert explore(Payment(ONE, Guards(receipts=False))).promise == ""
    assert explore(Payment(ONE_SLOPPY, Guards(receipts=False))).promise == ""


def test_receipts_alone_are_not_enough_since_the_answer_to_our_own_call_is_no_webhook() -> None:
    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: the gateway says captured wrong, and is heard",
        "1: the request settles",
        "1: the gateway pays the refund",
        "1: the refund is settled",
        "1: a webhook says captured wrong",
        "1: the gateway pays the refund",
    ]
    assert_caught(Payment(ONE, Guards(refund_once=False)), "more was given back than was taken", trace)


def test_a_refund_without_a_key_is_paid_twice_when_its_worker_dies() -> None:
    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: the gateway says captured wrong",
        "1: a webhook says captured wrong",
        "1: the gateway pays the refund",
        "1: the refund worker dies",
        "1: the gateway pays the refund",
    ]
    assert_caught(Payment(ONE, Guards(refund_key=False)), "more was given back than was taken", trace)


def test_a_success_applied_without_looking_at_the_order_sells_a_seat_that_is_gone() -> None:
    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: the gateway says declined",
        "1: the gateway captures late",
        "1: a webhook says declined",
        "the customer cancels",
        "1: a webhook says captured",
    ]
    assert_caught(Payment(ONE_SLOPPY, Guards(order_checked=False)), "paid, and the seat was given away", trace)


def test_staff_who_do_not_look_at_the_payment_give_it_back_twice() -> None:
    world = Scenario(attempts=1, outcomes=PLAIN, staff=True)

    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: the gateway says captured",
        "1: a webhook says captured",
        "staff give the money back",
        "staff give the money back",
        "1: the gateway pays the refund",
        "1: the refund is settled",
        "1: the gateway pays the refund",
    ]
    assert_caught(Payment(world, Guards(given_once=False)), "more was given back than was taken", trace)


def test_an_amount_that_is_not_compared_pays_for_an_order_that_costs_another() -> None:
    trace = [
        "1: begins",
        "1: an intent is created",
        "1: the intent is written down",
        "1: confirms",
        "1: the gateway says captured wrong",
        "1: a webhook says captured wrong",
    ]
    assert_caught(Payment(ONE, Guards(amounts=False)), "paid with another amount", trace)
