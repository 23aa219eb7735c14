"""One customer accepts many offers at the same moment: no more are held than the cap allows."""

import time
from typing import Any

import pytest

from altis.store import transition
from orders.models import Order
from orders.services import place
from tests.offers import market
from tests.orders.trips import offer_for
from tests.races.racing import accept_all, outcomes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TIMES, CAP = 16, 3


def _dawdle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the count and the order's row there is time for others."""

    def late(*row: Any, **why: Any) -> None:
        time.sleep(0.05)
        transition.begin(*row, **why)

    monkeypatch.setattr(place, "begin", late)


def test_the_customers_cap_is_exact(bundles: None, token: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALTIS_OPEN_HOLDS = f"customer={CAP}"
    _dawdle(monkeypatch)
    market.fly()

    told = outcomes(accept_all(token, [offer_for() for _ in range(TIMES)]))

    assert told == {(201, "PROPOSED"): CAP, (429, "too_many_holds"): TIMES - CAP}
    assert Order.objects.count() == CAP


def test_control_without_the_lock_more_are_held(
    bundles: None, token: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALTIS_OPEN_HOLDS = f"customer={CAP}"
    monkeypatch.setattr(place, "counts_in_turn", lambda: False)
    _dawdle(monkeypatch)
    market.fly()

    told = outcomes(accept_all(token, [offer_for() for _ in range(TIMES)]))

    assert told[(201, "PROPOSED")] > CAP
