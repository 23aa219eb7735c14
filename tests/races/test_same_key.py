"""One key and one body fifty-fold over real HTTP, on two worker processes: one effect, and one reply for everybody."""

import json
from collections import Counter
from collections.abc import Sequence

import pytest

from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from offers.documents import OfferDocument
from orders.models import Order
from tests.catalog.books import figures, gate
from tests.clients import CONTACT, PASSENGER, ApiClient, assert_problem
from tests.conftest import Later
from tests.factories import cabin_of
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import nothing_happens, offer_for
from tests.races.served import Answer, Headers, Served, bearer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("served")]
TIMES = 50
BODY = json.dumps({"passengers": [PASSENGER], "contact": CONTACT}).encode()
IN_PROGRESS = (409, "idempotency_in_progress")


def keyed(token: str, key: str = "k") -> Headers:
    return [bearer(token), ("Idempotency-Key", key)]


def path_of(offer: OfferDocument) -> str:
    return f"/v1/offers/{offer.id}/accept"


def told(answers: Sequence[Answer]) -> Counter[tuple[int, str]]:
    """How often each status and code (or status of the order) was answered."""
    bodies = [(answer.status, json.loads(answer.body)) for answer in answers]
    return Counter((status, body.get("code") or body["status"]) for status, body in bodies)


def only_reply(answers: Sequence[Answer]) -> bytes:
    """The one 201 that all who got one were given, byte for byte; all but the first are marked as replays."""
    given = [answer for answer in answers if answer.status == 201]
    assert len({(answer.body, answer.headers["location"]) for answer in given}) == 1
    assert [answer.headers.get("idempotent-replay") for answer in given].count("true") == len(given) - 1
    for answer in answers:
        assert answer.status == 201 or answer.headers["retry-after"] == "1"
    return given[0].body


@pytest.fixture
def other_token() -> str:
    return issue_for(User.objects.create_user("other@example.com", "correct horse battery")).access


def test_fifty_twins_have_one_effect_and_one_reply(bundles: None, token: str, proxied: Served) -> None:
    cabin = cabin_of(market.fly())
    offer = offer_for()

    answers = proxied.send_all("POST", path_of(offer), [keyed(token)] * TIMES, body=BODY)

    assert set(told(answers)) <= {(201, "PROPOSED"), IN_PROGRESS}
    assert json.loads(only_reply(answers))["id"] == Order.objects.get().pk
    assert (figures(cabin), gate(cabin)) == ((1, 0, 2), {"base": "99", "ver": "2"})
    assert contradictions() == {}


def test_the_last_seats_buyer_gets_their_201_again_whatever_happens_later(
    bundles: None, token: str, other_token: str, proxied: Served
) -> None:
    seat = cabin_of(market.fly(seats=1))
    offer, missed = offer_for(), offer_for()
    path = path_of(offer)

    twins = proxied.send_all("POST", path, [keyed(token)] * TIMES, body=BODY)
    too_late = proxied.send("POST", path_of(missed), headers=keyed(other_token), body=BODY)
    sold_out = proxied.send("POST", path, headers=keyed(token), body=BODY)
    order = f"/v1/orders/{Order.objects.get().pk}"
    cancelled = proxied.send("POST", f"{order}/cancel", headers=[bearer(token)])
    bought = proxied.send("POST", path_of(missed), headers=keyed(other_token), body=BODY)
    after_all = proxied.send("POST", path, headers=keyed(token), body=BODY)

    first = only_reply(twins)
    assert told([too_late, cancelled, bought]) == {(409, "sold_out"): 1, (200, "CANCELLED"): 1, (201, "PROPOSED"): 1}
    assert [(each.status, each.body) for each in (sold_out, after_all)] == [(201, first)] * 2
    assert (Order.objects.count(), figures(seat)) == (2, (1, 0, 4))
    assert contradictions() == {}


def test_of_two_buyers_of_the_last_seat_each_hears_one_story(
    bundles: None, token: str, other_token: str, proxied: Served
) -> None:
    seat = cabin_of(market.fly(seats=1))
    offer = offer_for()
    callers = [keyed(token), keyed(other_token)] * (TIMES // 2)

    answers = proxied.send_all("POST", path_of(offer), callers, body=BODY)

    by_buyer = (answers[0::2], answers[1::2])
    winners = [buyer for buyer in by_buyer if (201, "PROPOSED") in told(buyer)]
    assert len(winners) == 1
    assert set(told(winners[0])) <= {(201, "PROPOSED"), IN_PROGRESS}
    [loser] = [buyer for buyer in by_buyer if buyer is not winners[0]]
    assert set(told(loser)) <= {(409, "offer_already_accepted"), (409, "sold_out"), IN_PROGRESS}
    assert json.loads(only_reply(winners[0]))["id"] == Order.objects.get().pk
    assert figures(seat) == (1, 0, 2)


def test_a_retry_after_the_offer_has_long_expired_gets_the_first_reply(
    bundles: None, owner: ApiClient, later: Later
) -> None:
    market.fly()
    offer, unsold = offer_for(), offer_for()
    body = json.loads(BODY)
    first = owner.post(path_of(offer), body, Idempotency_Key="k")

    for seconds, status in ((901, 410), (1801, 404)):
        later(seconds)
        with nothing_happens():
            again = owner.post(path_of(offer), body, Idempotency_Key="k")
            refused = owner.post(path_of(unsold), body, Idempotency_Key="other")
        assert (again.status_code, again.content, again["Idempotent-Replay"]) == (201, first.content, "true")
        assert refused.status_code == status


def test_a_key_tells_nobody_elses_reply(bundles: None, owner: ApiClient, stranger: ApiClient, guest: ApiClient) -> None:
    market.fly()
    offer = offer_for()
    body = json.loads(BODY)
    first = owner.post(path_of(offer), body, Idempotency_Key="k")

    with nothing_happens():
        theirs = stranger.post(path_of(offer), body, Idempotency_Key="k")
        assert_problem(theirs, 409, "offer_already_accepted")
        assert_problem(guest.post(path_of(offer), body, Idempotency_Key="k"), 403, "user_token_required")

    assert first.json()["id"].encode() not in theirs.content
    assert not theirs.has_header("Idempotent-Replay")
