"""The demonstration: what it asks, what it shows, and where it stops."""

import io

import pytest
from rich.console import Console

from altis.devstack.shopper import UnexpectedReply
from altis.devstack.tour import buy_a_trip
from tests.devstack.stub_api import PAYLOAD, Reply, purchase, serving


def _shown(replies: dict[str, Reply]) -> tuple[str, list[str]]:
    out = io.StringIO()
    with serving(replies) as (url, asked):
        buy_a_trip(url, Console(file=out, width=140))
    return out.getvalue(), [name for name, _ in asked]


def test_tour_shows_offers_statuses_and_documents() -> None:
    shown, asked = _shown(purchase())

    assert "Comfort Bundle" in shown
    assert "610.00 USD" in shown
    assert shown.index("accepted") < shown.index("PAYMENT_PENDING")  # oldest first
    assert PAYLOAD in shown
    assert "█" in shown
    assert asked == list(purchase())


def test_problem_ends_the_tour_with_its_code() -> None:
    problem = {"code": "sold_out", "detail": "No seats are left."}

    with pytest.raises(UnexpectedReply, match=r"accept: 409 sold_out: No seats are left\."):
        _shown({**purchase(), "POST /v1/offers/off_1/accept": (409, problem)})


def test_reply_that_is_no_problem_document_is_quoted() -> None:
    with pytest.raises(UnexpectedReply, match="guest token: 502 bad gateway"):
        _shown({**purchase(), "POST /v1/auth/guest": (502, b"bad gateway")})


def test_search_without_offers_names_the_reason() -> None:
    empty = {"search_id": "sch_1", "offers": [], "reason": "no_flights"}

    with pytest.raises(UnexpectedReply, match=r"no offer for LHR to DXB on .* \(no_flights\)"):
        _shown({**purchase(), "POST /v1/offers/search": (200, empty)})


def test_dead_server_is_a_problem_of_the_step() -> None:
    with serving({}) as (url, _):
        pass

    with pytest.raises(UnexpectedReply, match="guest token: no answer"):
        buy_a_trip(url, Console(file=io.StringIO()))
