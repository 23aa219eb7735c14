"""The shelf in Redis."""

from datetime import timedelta

import pytest
from redis import ConnectionPool, Redis

from altis.shared.ids import new_id
from altis.store.redis import StoreDown, asked, client
from altis.store.trips import NOTHING, brought
from offers import shelf
from offers.documents import SearchDocument, new_search_id, offer_id, search_id_of
from offers.selectors import offer_ahead
from tests.offers.builders import MORNING, offer, shelve


def _search(weight: str | None = "1.0000") -> SearchDocument:
    id = new_search_id()
    return SearchDocument(id, MORNING, MORNING + timedelta(minutes=15), (offer(search_id=id),), weight)


def test_an_offer_is_found_by_its_id_alone() -> None:
    search = _search()

    shelve(search, ttl_seconds=60)

    assert shelf.get(search.offers[0].id) == search.offers[0]
    assert shelf.get(offer_id(search.id, 2)) is None
    assert shelf.get(new_id("off")) is None


def test_a_search_that_is_not_sampled_leaves_no_impression() -> None:
    shelve(_search(weight=None), ttl_seconds=60)

    assert shelf.impressions(10) == []


def test_impressions_come_oldest_first_until_they_are_forgotten() -> None:
    searches = [_search(), _search(), _search()]
    for search in searches:
        shelve(search, ttl_seconds=60)

    found = shelf.impressions(2)
    shelf.forget([id for id, _ in found])

    assert [shown for _, shown in found] == [search.impression() for search in searches[:2]]
    assert [shown for _, shown in shelf.impressions(10)] == [searches[2].impression()]
    shelf.forget([])
    assert client().xlen(shelf.STREAM) == 1


def test_the_stream_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_IMPRESSIONS", 100)

    for _ in range(400):
        shelve(_search(), ttl_seconds=60)

    assert client().xlen(shelf.STREAM) < 300


def test_an_offer_comes_along_with_whatever_is_asked_before_and_once() -> None:
    search = _search()
    shelve(search, ttl_seconds=60)
    [shown] = search.offers

    with shelf.fetching(shown.id):
        asked("PING", client=client())
        client().delete(f"sch:{search.id}")

        assert shelf.get(shown.id) == shown
        assert shelf.get(shown.id) is None


def test_another_offer_is_not_taken_for_the_one_that_came_along() -> None:
    first, second = _search(), _search()
    shelve(first, ttl_seconds=60)
    shelve(second, ttl_seconds=60)

    with shelf.fetching(first.offers[0].id):
        asked("PING", client=client())

        assert shelf.get(second.offers[0].id) == second.offers[0]
        assert shelf.get(first.offers[0].id) == first.offers[0]


def test_what_is_no_offer_id_is_not_asked_for() -> None:
    with offer_ahead("off_1"), offer_ahead("off"):
        asked("PING", client=client())

        assert brought(("GET", f"sch:{search_id_of('off_1')}")) is NOTHING


def test_a_store_that_is_away_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Redis(connection_pool=ConnectionPool(port=1, socket_connect_timeout=0.1))
    monkeypatch.setattr(shelf, "patient_client", lambda: nobody)

    with pytest.raises(StoreDown):
        shelve(_search(), ttl_seconds=60)
    with pytest.raises(StoreDown):
        shelf.get(new_id("off"))
