"""The lives of payments and refunds, compared with the protocol's own drawing."""

import pytest

from payments.events import EVENT_OF
from payments.lifecycle import LIVE, PAYMENT, REFUND, UNDECIDED, PaymentStatus, RefundStatus

DECIDED_FROM_UNDECIDED = ("SUCCEEDED", "DECLINED", "REFUND_PENDING")


def test_a_payment_moves_as_the_protocol_draws_it() -> None:
    drawn = {
        (None, "CREATED"),
        ("CREATED", "SUBMITTED"),
        ("CREATED", "UNKNOWN"),
        ("SUBMITTED", "UNKNOWN"),
        *((before, after) for before in ("CREATED", "SUBMITTED", "UNKNOWN") for after in DECIDED_FROM_UNDECIDED),
        ("DECLINED", "SUCCEEDED"),
        ("DECLINED", "REFUND_PENDING"),
        ("SUCCEEDED", "REFUND_PENDING"),
        ("REFUND_PENDING", "REFUNDED"),
    }

    assert set(PAYMENT.edges()) == drawn


def test_a_refund_succeeds_or_fails_and_one_that_failed_may_be_sent_again() -> None:
    drawn = {(None, "PENDING"), ("PENDING", "SUCCEEDED"), ("PENDING", "FAILED"), ("FAILED", "PENDING")}

    assert set(REFUND.edges()) == drawn


def test_only_what_went_back_is_final() -> None:
    assert [status for status in PaymentStatus if PAYMENT.is_final(status)] == ["REFUNDED"]
    assert [status for status in RefundStatus if REFUND.is_final(status)] == ["SUCCEEDED"]


def test_every_undecided_attempt_can_end_in_every_way() -> None:
    ends = {status: {to for start, to in PAYMENT.edges() if start == status} for status in UNDECIDED}

    assert all(reached >= set(DECIDED_FROM_UNDECIDED) for reached in ends.values())


def test_live_is_undecided_or_paid() -> None:
    assert [*LIVE] == ["CREATED", "SUBMITTED", "UNKNOWN", "SUCCEEDED"]


@pytest.mark.parametrize("status", PaymentStatus)
def test_every_status_has_an_event_of_its_own(status: str) -> None:
    assert EVENT_OF[status].type == f"altis.payment.{status.lower()}".replace("refund_pending", "refund_requested")
