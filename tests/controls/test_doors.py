"""Planted at the doors: nobody asks whose order it is (N14), whom a token is for (N15), how many there were (N16)."""

from threading import Barrier
from typing import Any

import jwt
import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from rest_framework.throttling import SimpleRateThrottle

from altis.accounts.models import User
from altis.accounts.signing import RingBackend
from altis.accounts.tokens import AccessToken, password_stamp
from altis.api import throttling
from altis.api.auth import caller_of
from altis.shared.actors import Actor
from altis.shared.errors import TooMany
from orders.models import Order
from tests.api.threads import at_once
from tests.clients import ApiClient
from tests.controls.history import History, heard
from tests.controls.witness import noticed
from tests.orders.careless import forget_the_owner
from tests.payments.purchases import make_order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BURST, CALLERS = 3, 7


def read_and_cancel(owner: ApiClient, stranger: ApiClient, actor: Actor) -> History:
    """An owner reads the order; a stranger who has heard its id reads and cancels it."""
    path = f"/v1/orders/{make_order(actor).pk}"
    mine = [heard(owner.get(path))]
    theirs = [stranger.get(path), stranger.post(f"{path}/cancel")]
    return History([*mine, *(heard(reply, caller="stranger", rightful=False) for reply in theirs)])


@pytest.mark.guarded("N14")
def test_a_strangers_order_is_not_found(owner: ApiClient, stranger: ApiClient, owner_actor: Actor) -> None:
    history = read_and_cancel(owner, stranger, owner_actor)

    assert [one.status for one in history.said] == [200, 404, 404]
    assert (history.contradictions(), Order.objects.get().status) == (set(), "PROPOSED")


@pytest.mark.control("N14")
def test_without_the_filter_by_owner_a_stranger_reads_and_cancels(
    owner: ApiClient, stranger: ApiClient, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_the_owner(monkeypatch)

    history = read_and_cancel(owner, stranger, owner_actor)

    assert history.contradictions() == {
        "H1 an acknowledged order is its owner's alone",
        "who has a right is served, and nobody else",
    }
    assert (Order.objects.get().status, noticed()) == ("CANCELLED", set())


def come_with_another_services_token(owner: ApiClient, user: User) -> History:
    """Our issuer has signed the second token as well, under the same key, but for somebody else."""
    other = RingBackend(django_settings.ALTIS_SIGNING_KEYS, "partner-api", django_settings.ALTIS_TOKEN_ISSUER)
    about = AccessToken.about(user.pk, kind="user", stamp=password_stamp(user.password))
    foreign = ApiClient(other.encode(about.payload))
    return History([heard(owner.get("/v1/orders")), heard(foreign.get("/v1/orders"), caller="foreign", rightful=False)])


@pytest.mark.guarded("N15")
def test_a_token_for_another_service_opens_nothing(owner: ApiClient, owner_user: User) -> None:
    history = come_with_another_services_token(owner, owner_user)

    assert ([one.status for one in history.said], history.contradictions()) == ([200, 401], set())


@pytest.mark.control("N15")
def test_without_an_audience_a_token_for_another_service_opens_everything(
    owner: ApiClient, owner_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = jwt.decode

    def any_audience(token: Any, key: Any, *, options: Any, audience: str, **named: Any) -> Any:
        asked: Any = {**options, "verify_aud": False}
        return decode(token, key, options=asked, **named)

    monkeypatch.setattr(jwt, "decode", any_audience)

    history = come_with_another_services_token(owner, owner_user)

    assert history.contradictions() == {"who has a right is served, and nobody else"}


def call_all_at_once(token: str, settings: Any) -> History:
    """More callers at one moment than the limit lets through, all with one token."""
    settings.ALTIS_RATE_LIMITS = f"default={BURST}/600:{BURST}"
    replies = at_once(CALLERS, lambda: ApiClient(token).get("/v1/orders"))
    return History([heard(reply) for reply in replies], burst=BURST)


@pytest.mark.guarded("N16")
def test_of_many_at_once_exactly_the_limit_pass(token: str, settings: Any) -> None:
    history = call_all_at_once(token, settings)

    assert sorted(one.status for one in history.said) == [*[200] * BURST, *[429] * (CALLERS - BURST)]
    assert history.contradictions() == set()


class Counting(SimpleRateThrottle):
    """DRF's own: it reads its list of calls, and writes it back one longer."""

    rate, cache = f"{BURST}/hour", caches["default"]
    everybody_has_read = Barrier(CALLERS, timeout=10)

    def get_cache_key(self, request: Any, view: Any) -> str:
        """The caller's."""
        caller = caller_of(request)
        assert caller is not None
        return f"throttle:{caller.id}"

    def throttle_success(self) -> bool:
        """The moment between reading and writing, which all reach together."""
        self.everybody_has_read.wait()
        return bool(super().throttle_success())


@pytest.mark.control("N16")
def test_a_throttle_that_reads_and_then_writes_lets_everybody_pass(
    token: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(_: Any, request: Any, view: Any) -> bool:
        if not Counting().allow_request(request, view):
            raise TooMany(retry_after=1)
        return True

    monkeypatch.setattr(throttling.RateLimit, "allow_request", count)

    assert call_all_at_once(token, settings).contradictions() == {"nobody gets more than their limit"}
