"""The document and its ids survive their way through JSON."""

from datetime import UTC, datetime

import orjson

from altis.shared.ids import is_id
from offers.compact import pack, read_offer
from offers.documents import (
    OfferDocument,
    SearchDocument,
    new_search_id,
    offer_id,
    search_id_of,
)
from tests.offers.builders import MORNING, offer


def _search(*ranks: int) -> SearchDocument:
    id = new_search_id()
    offers = tuple(offer(search_id=id, rank=rank) for rank in ranks)
    return SearchDocument(id, offers[0].created_at, offers[0].expires_at, offers)


def test_an_offer_is_the_same_after_json() -> None:
    made = offer(created_at=datetime(2026, 11, 20, 9, 30, 0, 123_000, tzinfo=UTC))

    assert OfferDocument.from_json(made.as_json()) == made


def test_an_offer_is_found_in_its_search_by_its_id() -> None:
    search = _search(1, 2, 3)

    found = read_offer(pack(search), offer_id(search.id, 2))

    assert found == search.offers[1]
    assert read_offer(pack(search), offer_id(search.id, 4)) is None


def test_an_offers_id_leads_to_its_search_and_sorts_by_rank() -> None:
    search_id = new_search_id()

    ids = [offer_id(search_id, rank) for rank in (1, 2, 5)]

    assert all(is_id("off", id) for id in ids)
    assert is_id("sch", search_id)
    assert {search_id_of(id) for id in ids} == {search_id}
    assert ids == sorted(ids)


def test_ids_of_searches_are_never_alike() -> None:
    assert len({new_search_id() for _ in range(10_000)}) == 10_000


def test_an_impression_tells_what_was_shown_and_nothing_else() -> None:
    search = _search(1)

    shown = orjson.loads(search.impression())

    assert shown == {
        "search_id": search.id,
        "shown_at": "2026-12-01T10:00:00Z",
        "expires_at": "2026-12-01T10:15:00Z",
        "weight": "1.0000",
        "offers": [
            {
                "id": offer_id(search.id, 1),
                "bundle": "comfort",
                "rank": 1,
                "score": search.offers[0].score,
                "propensity": "1.0000",
                "total": {"amount": "501.00", "currency": "USD"},
            }
        ],
    }


def test_segments_of_all_slices_are_counted_together() -> None:
    assert [segment.departing_at for segment in offer().segments] == [MORNING]
