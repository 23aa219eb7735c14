"""The quick way and the readable way make the same of any world: every byte of the reply, all of the document."""

from typing import Any

import orjson
from hypothesis import given, settings

from altis.api.rendering import to_json
from altis.shared.clock import iso
from catalog.index.records import Leg
from offers.bundles import Package
from offers.compact import pack, read_offers
from offers.documents import SearchDocument
from offers.generating import Life, document
from offers.lifecycle import OfferStatus
from offers.presenting import present
from offers.quick.market import Market
from offers.ranking import PRICE_TWICE_THE_CHEAPEST
from offers.trip import SearchRequest
from tests.offers.builders import HOUR, MORNING
from tests.offers.quick import worlds

LIFE = Life("sch_01kb9xqv4r6n5e8w2m7ztd3hk0", MORNING, MORNING + HOUR)
OWN = {"id": LIFE.search_id[4:-1].encode(), "at": iso(MORNING).encode(), "until": iso(MORNING + HOUR).encode()}


def _readable(world: Market, bundles: list[Package], asked: SearchRequest) -> tuple[dict[str, Any], SearchDocument]:
    found = worlds.readable(world, bundles, asked)
    choices = [] if isinstance(found, str) else found
    offers = tuple(
        document(choice, rank=rank, life=LIFE, request=asked, currency="USD")
        for rank, choice in enumerate(choices, start=1)
    )
    reply = {
        "search_id": LIFE.search_id,
        "expires_at": iso(LIFE.expires_at),
        "offers": [present(offer, OfferStatus.ACTIVE) for offer in offers],
        "reason": found if isinstance(found, str) else None,
    }
    return reply, SearchDocument(LIFE.search_id, LIFE.created_at, LIFE.expires_at, offers)


@settings(max_examples=150, deadline=None)
@given(worlds.legs(), worlds.packages(), worlds.requests())
def test_both_ways_say_the_same_to_the_last_byte(
    flights: list[Leg], bundles: list[Package], asked: SearchRequest
) -> None:
    world = worlds.market(flights, bundles)

    pressed = world.answer(asked, after=0)

    reply, search = _readable(world, bundles, asked)
    assert pressed.reply.filled(OWN) == to_json(reply)
    if search.offers:
        assert pressed.document is not None
        assert pressed.impression is not None
        assert read_offers(pressed.document.filled(OWN)) == read_offers(pack(search)) == search.offers
        impression = orjson.loads(pressed.impression.filled(OWN) + b'1.0000"}')
        expected = orjson.loads(search.impression())
        assert impression == {**expected, "shown_at": iso(MORNING), "expires_at": iso(MORNING + HOUR)}


def test_another_weight_in_the_quick_way_alone_would_be_seen(monkeypatch: Any) -> None:
    """The control: the comparison is not blind."""
    monkeypatch.setattr("offers.quick.choosing.PRICE_TWICE_THE_CHEAPEST", 2 * PRICE_TWICE_THE_CHEAPEST)
    differing = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(worlds.legs(), worlds.packages(), worlds.requests())
    def look(flights: list[Leg], bundles: list[Package], asked: SearchRequest) -> None:
        world = worlds.market(flights, bundles)
        reply, _ = _readable(world, bundles, asked)
        differing.append(world.answer(asked, after=0).reply.filled(OWN) != to_json(reply))

    look()

    assert any(differing)
