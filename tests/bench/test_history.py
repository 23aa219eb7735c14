"""The judge of the torture run: a true history is clean, and every planted lie is found by the rule that it breaks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.torture.books import Books, OrderRow
from bench.torture.history import Call, Writer, outcome_of, read
from tests.bench.lies import (
    ALAN,
    CABIN,
    accept,
    broken,
    call,
    cancel,
    look,
    pay,
    row,
    true_books,
    true_story,
    with_order,
)

_WITHOUT_ORDER_1 = Books(
    {id: order for id, order in true_books().orders.items() if id != "ord_1"}, true_books().offers, true_books().seats
)


def test_a_true_history_breaks_no_rule() -> None:
    assert broken(true_story()) == {}


def test_an_acknowledged_order_that_is_gone_is_found() -> None:
    found = broken(true_story(), _WITHOUT_ORDER_1)

    assert found["H1"][0] == "the acknowledged order ord_1 does not exist"
    assert found["H4"] == [
        "the acknowledged order of the offer off_1 is missing",
        "the acknowledged payment of the order ord_1 is missing",
    ]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (row(1, "PROPOSED"), "ord_1 was FULFILLED and is PROPOSED"),
        (row(1, "EXPIRED"), "ord_1 was FULFILLED and is EXPIRED"),
        (row(1, "CANCELLED", ("PAID", ""), ("CANCELLED", "")), "ord_1 was FULFILLED and is CANCELLED"),
        (row(1, "FULFILLED", owner=ALAN), "the order ord_1 belongs to usr_alan"),
        (row(1, "FULFILLED", total="1.00 USD"), "the order ord_1 costs 1.00 USD, not 100.00 USD"),
        (row(1, "FULFILLED", offer="off_9"), "the order ord_1 is of the offer off_9"),
        (row(2, "PROPOSED"), "ord_2 was CANCELLED and is PROPOSED"),
        (row(2, "EXPIRED"), "ord_2 was CANCELLED and is EXPIRED"),
    ],
)
def test_an_acknowledged_reply_that_is_no_longer_true_is_found(order: OrderRow, text: str) -> None:
    assert text in broken(true_story(), with_order(order))["H1"]


def test_a_cancellation_after_payment_stands_beside_its_refund() -> None:
    refunded = row(1, "CANCELLED", ("PAID", ""), ("CANCELLED", ""), refunded=True)

    assert broken(true_story(), with_order(refunded)) == {}


def test_a_rejected_offer_that_was_sold_all_the_same_is_found() -> None:
    books = with_order(row(4, "PROPOSED"))

    found = broken(true_story(), books)

    assert found["H1"] == ["the rejected offer off_4 is ACCEPTED"]
    assert found["H3"] == ["accepting off_4 was refused, and the order ord_4 exists"]


def test_a_final_refusal_whose_order_lives_is_found() -> None:
    story = [*true_story(), pay(5, 3.0, 402, code="payment_refused")]

    assert broken(story)["H1"] == ["ord_5 was refused for good and is FULFILLED"]


def test_an_order_that_its_owner_cannot_find_is_found() -> None:
    story = [*true_story(), call("read", 6.0, 404, order="ord_1", key="", code="order_not_found")]

    assert broken(story) == {"H1": ["ord_1 was given and is not found"]}


def test_a_reply_that_shows_an_older_version_is_found() -> None:
    story = [*true_story(), look(1, 6.0, "PROPOSED", 1)]

    assert broken(story) == {"H1": ["ord_1 went from version 4 back to 1"]}


def test_replies_that_overlap_may_come_in_any_order() -> None:
    story = [*true_story(), look(1, 3.05, "PROPOSED", 1)]

    assert broken(story) == {}


@pytest.mark.parametrize(
    ("lie", "text"),
    [
        ({"sha": "else"}, "click on /v1/orders/ord_1/pay was answered with different bytes"),
        ({"order": "ord_5"}, "click on /v1/orders/ord_1/pay led to two orders"),
        ({"status": 402, "code": "payment_declined", "outcome": "fail"}, "was answered with different bytes"),
        ({"body": "other"}, "a client sent two bodies under click: the history is no evidence"),
    ],
)
def test_a_key_with_two_answers_is_found(lie: dict[str, Any], text: str) -> None:
    story = [replace(each, **lie) if each.replayed else each for each in true_story()]

    assert any(text in each for each in broken(story)["H2"])


def test_two_keys_with_one_effect_are_found() -> None:
    story = [*true_story(), pay(1, 6.0, key="second click", replayed=False)]

    assert broken(story) == {"H2": ["pay of /v1/orders/ord_1/pay was done under 2 keys"]}


def test_one_order_for_two_offers_is_found() -> None:
    story = [*true_story(), accept(5, 6.0, offer="off_1", replayed=True)]

    assert "accept of ord_5 was done under 2 keys" in broken(story)["H2"]


@pytest.mark.parametrize(
    ("refused", "order", "text"),
    [
        (accept(3, 2.0, 410), row(3, "PROPOSED"), "accepting off_3 was refused, and the order ord_3 exists"),
        (
            pay(6, 2.0, 402, code="payment_declined"),
            row(6, "PROPOSED", payments=("SUCCEEDED",)),
            "paying ord_6 was refused, and it is PROPOSED, ('SUCCEEDED',)",
        ),
        (
            cancel(6, 2.0, 409),
            row(6, "CANCELLED", ("CANCELLED", "customer_cancelled")),
            "cancelling ord_6 was refused, and it is CANCELLED",
        ),
    ],
)
def test_a_refusal_that_left_a_trace_is_found(refused: Call, order: OrderRow, text: str) -> None:
    story = [*true_story(), accept(6, 1.0), refused]
    books = with_order(order)
    books = books if order.id == "ord_6" else replace(books, orders={**books.orders, "ord_6": row(6, "EXPIRED")})

    assert broken(story, books)["H3"] == [text]


def test_a_refusal_proves_nothing_beside_a_request_without_an_answer() -> None:
    story = [*true_story(), accept(3, 0.5, 0, error="ReadTimeout")]

    assert broken(story, with_order(row(3, "PROPOSED"))) == {}


def test_an_order_that_nobody_asked_for_is_found() -> None:
    found = broken(true_story(), with_order(row(7, "FULFILLED", payments=("SUCCEEDED",))))

    assert found == {
        "H4": [
            "the order of the offer off_7 is there, and nobody can have made it",
            "the payment of the order ord_7 is there, and nobody can have made it",
        ]
    }


def test_two_orders_of_one_offer_are_found() -> None:
    found = broken(true_story(), with_order(row(8, "PROPOSED", offer="off_5")))

    assert found == {"H4": ["the offer off_5 has 2 orders"]}


def test_more_promised_seats_than_the_cabin_has_are_found() -> None:
    story = [*true_story(), accept(6, 1.5), accept(7, 1.5)]
    books = with_order(row(6, "EXPIRED"))
    books = replace(books, orders={**books.orders, "ord_7": row(7, "EXPIRED")})

    assert broken(story, books) == {"H5": [f"4 seats of {CABIN} were promised at 1.600; it has 3"]}


def test_a_seat_that_may_have_been_given_back_does_not_count() -> None:
    story = [*true_story(), accept(6, 2.0), cancel(6, 2.5), accept(7, 3.0)]
    books = with_order(row(6, "CANCELLED", ("CANCELLED", "customer_cancelled")))
    books = replace(books, orders={**books.orders, "ord_7": row(7, "EXPIRED")})

    assert broken(story, books) == {}


def test_an_unpaid_hold_does_not_outlive_a_jump_of_the_clock() -> None:
    story = [*true_story(), accept(6, 2.2), accept(7, 4.0), accept(8, 4.0)]
    books = true_books()
    expired = {f"ord_{number}": row(number, "EXPIRED") for number in (6, 7, 8)}
    books = replace(books, orders={**books.orders, **expired})

    assert broken(story, books, jumps=[(3.0, 3.5)]) == {}
    assert list(broken(story, books)) == ["H5"]


def test_a_hold_that_is_asked_for_while_the_clock_is_about_to_jump_may_end_in_that_jump() -> None:
    story = [*true_story(), accept(6, 2.2), accept(7, 4.0), accept(8, 4.0)]
    books = true_books()
    expired = {f"ord_{number}": row(number, "EXPIRED") for number in (6, 7, 8)}
    books = replace(books, orders={**books.orders, **expired})

    assert broken(story, books, jumps=[(2.0, 2.5)]) == {}
    assert list(broken(story, books, jumps=[(2.0, 2.1)])) == ["H5"]


@pytest.mark.parametrize(
    ("lie", "text"),
    [
        ({"status": 500, "code": "internal_error"}, "read was answered with 500"),
        ({"status": 502, "media": "text/html"}, "read was answered with 502"),
        (
            {"status": 503, "media": "text/html"},
            "read was answered 503 with text/html and not application/problem+json",
        ),
        ({"status": 503, "media": "application/problem+json"}, "read was refused with 503 and no code"),
        ({"media": "text/html"}, "read was answered 200 with text/html and not application/json"),
        (
            {"status": 422, "code": "unknown_field", "media": "application/problem+json"},
            "a well-formed read was refused with 422 unknown_field",
        ),
    ],
)
def test_a_reply_that_breaks_the_contract_is_found(lie: dict[str, Any], text: str) -> None:
    reply = replace(look(1, 6.0, "FULFILLED", 4), **{"outcome": "unknown", **lie})

    assert text in broken([*true_story(), reply])["H7"]


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (201, "", "ok"),
        (200, "", "ok"),
        (202, "", "unknown"),
        (409, "sold_out", "fail"),
        (409, "idempotency_in_progress", "unknown"),
        (409, "busy", "unknown"),
        (402, "payment_declined", "fail"),
        (410, "offer_expired", "fail"),
        (503, "unavailable", "unknown"),
        (500, "internal_error", "unknown"),
        (0, "", "unknown"),
    ],
)
def test_what_a_client_may_conclude_from_a_reply(status: int, code: str, outcome: str) -> None:
    assert outcome_of(status, code) == outcome


def test_what_is_written_is_read_again_and_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "customers-0.jsonl"
    writer = Writer(file)
    story = sorted(true_story(), key=lambda each: each.begun)
    for each in story:
        writer.add(each)
    writer.close()

    with file.open("ab") as out:
        out.write(b'{"customer": "c0", "op": "acc')

    assert read([file]) == story
