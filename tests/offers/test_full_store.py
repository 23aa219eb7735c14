"""A store without room: a search is told so, and nothing of it or of any other search is touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from offers import shelf
from offers.documents import new_search_id
from tests.clients import ApiClient, assert_problem
from tests.offers.market import fly, soon
from tests.stores import own_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundles")]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """A server of its own, as the engine's is set up, with hardly any memory; the shelf stands there."""
    with own_store(tmp_path) as (client, _):
        monkeypatch.setattr(shelf, "patient_client", lambda: client)
        yield client


def test_a_full_store_refuses_a_search_and_evicts_nothing(small: Redis, guest: ApiClient) -> None:
    fly()
    body = {
        "slices": [{"origin": "LHR", "destination": "JFK", "departure_date": soon().isoformat()}],
        "passengers": [{"type": "adult"}],
    }
    shown = guest.post("/v1/offers/search", body).json()["offers"][0]
    before = (small.dbsize(), small.xlen(shelf.STREAM))
    small.config_set("maxmemory", "1")

    reply = guest.post("/v1/offers/search", body)

    assert_problem(reply, 503, "unavailable")
    assert (small.dbsize(), small.xlen(shelf.STREAM)) == before
    assert guest.get(f"/v1/offers/{shown['id']}").json() == shown
    small.config_set("maxmemory", "0")
    assert guest.post("/v1/offers/search", body).status_code == 200


def test_without_a_transaction_a_store_that_fills_up_would_keep_half(small: Redis) -> None:
    """The control: two commands of which only the second is refused."""
    [document, impression] = shelf.commands(new_search_id(), document=b"{}", impression=b"{}", ttl_seconds=60)

    small.execute_command(*document)  # type: ignore[no-untyped-call]  # redis-py's own
    small.config_set("maxmemory", "1")
    with pytest.raises(Exception, match="maxmemory"):
        small.execute_command(*impression)  # type: ignore[no-untyped-call]  # as above

    assert (small.dbsize(), small.xlen(shelf.STREAM)) == (1, 0)
