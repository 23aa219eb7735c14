"""What searches showed, kept once their offers' time is over."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from altis.shared.actors import Actor, Cause
from altis.store.models import OutboxEvent
from altis.store.redis import client
from offers import shelf, tasks
from offers.documents import SearchDocument, new_search_id
from offers.models import Impression
from offers.services import sweep
from offers.services.claim import claim_offer
from offers.services.reject import reject_offer
from tests.conftest import Later
from tests.offers.builders import offer, shelve

pytestmark = pytest.mark.django_db
ACTOR = Actor("user", "usr_1")


def _shown(seconds: int = 900, weight: str | None = "1.0000") -> SearchDocument:
    id = new_search_id()
    now = datetime.now(UTC).replace(microsecond=0)
    offers = tuple(offer(search_id=id, rank=rank, created_at=now, seconds=seconds) for rank in (1, 2))
    search = SearchDocument(id, now, now + timedelta(seconds=seconds), offers, weight)
    shelve(search, ttl_seconds=4_000)
    return search


def test_an_expired_search_becomes_one_row_and_one_event(later: Later) -> None:
    search = _shown(weight="4.0000")
    later(911)

    assert tasks.sweep_impressions() == 1

    row = Impression.objects.get(pk=search.id)
    assert (row.outcome, row.chosen, row.weight) == ("expired", "", Decimal("4.0000"))
    assert (row.shown_at, row.expires_at) == (search.created_at, search.expires_at)
    assert [shown["id"] for shown in row.offers] == [made.id for made in search.offers]
    event = OutboxEvent.objects.get()
    assert (event.topic, event.type, event.subject) == ("altis.offers", "altis.search.expired", search.id)
    shown_at = search.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    told = {"outcome": "expired", "chosen": "", "offers": 2, "shown_at": shown_at, "weight": "4.0000"}
    assert event.payload == told
    assert client().xlen(shelf.STREAM) == 0


def test_a_search_whose_offers_may_yet_be_accepted_is_left_alone(later: Later) -> None:
    _shown(seconds=900)
    later(905)

    assert sweep.sweep_impressions() == 0

    assert client().xlen(shelf.STREAM) == 1
    assert not Impression.objects.exists()


def test_the_outcome_is_what_customers_decided(later: Later) -> None:
    accepted, rejected, half = _shown(), _shown(), _shown()
    with transaction.atomic():
        claim_offer(document=accepted.offers[1], cause=Cause(ACTOR, "customer_accepted"))
    for made in (*rejected.offers, half.offers[0]):
        reject_offer(offer_id=made.id, actor=ACTOR)
    later(911)

    sweep.sweep_impressions()

    assert {row.pk: (row.outcome, row.chosen) for row in Impression.objects.all()} == {
        accepted.id: ("accepted", accepted.offers[1].id),
        rejected.id: ("rejected", ""),
        half.id: ("expired", ""),
    }


def test_a_sweep_that_died_before_it_forgot_is_repeated_without_harm(
    later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    _shown()
    later(911)
    with monkeypatch.context() as dying:
        dying.setattr(shelf, "forget", lambda ids: None)
        assert sweep.sweep_impressions() == 1

    assert sweep.sweep_impressions() == 0

    assert Impression.objects.count() == OutboxEvent.objects.count() == 1
    assert client().xlen(shelf.STREAM) == 0


def test_more_than_a_batch_is_swept_in_one_go(later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "_BATCH", 2)
    searches = [_shown() for _ in range(5)]
    later(911)

    assert sweep.sweep_impressions() == 5

    assert set(Impression.objects.values_list("pk", flat=True)) == {search.id for search in searches}


def test_a_sweep_stands_back_while_another_is_at_work(later: Later) -> None:
    _shown()
    later(911)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [sweep._SWEEP_LOCK])

    swept_meanwhile = sweep.sweep_impressions()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [sweep._SWEEP_LOCK])
    other.close()

    assert (swept_meanwhile, sweep.sweep_impressions()) == (0, 1)
