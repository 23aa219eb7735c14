"""The live offers in Redis: one document per search, and the stream of what was shown.

`sch:{id}` holds a search's offers for their life and a while longer, so that an expired offer is told from an unknown
one. The stream `impressions` is bounded: when its sweep stays away for long, the oldest impressions are lost, never an
offer.
"""

from collections.abc import Sequence
from typing import cast

from altis.store.redis import patient_client, reaching_redis
from offers.documents import OfferDocument, SearchDocument, read_offer, search_id_of

STREAM = "impressions"
MOST_IMPRESSIONS = 100_000


def put(search: SearchDocument, *, ttl_seconds: int) -> None:
    """Shelve a search and note its impression, when it is sampled, in one round trip; raises StoreDown."""
    with reaching_redis(), patient_client().pipeline(transaction=False) as pipeline:
        pipeline.set(_key(search.id), search.to_bytes(), ex=ttl_seconds)
        if search.weight is not None:
            pipeline.xadd(STREAM, {"shown": search.impression()}, maxlen=MOST_IMPRESSIONS, approximate=True)
        pipeline.execute()


def get(offer_id: str) -> OfferDocument | None:
    """The offer as it was made, live or lately expired; None when it is unknown. Raises StoreDown."""
    with reaching_redis():
        found = cast("bytes | None", patient_client().get(_key(search_id_of(offer_id))))
    return None if found is None else read_offer(found, offer_id)


def impressions(count: int) -> list[tuple[bytes, bytes]]:
    """The oldest impressions as (stream id, JSON); raises StoreDown."""
    with reaching_redis():
        entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", patient_client().xrange(STREAM, count=count))
    return [(id, fields[b"shown"]) for id, fields in entries]


def forget(stream_ids: Sequence[bytes]) -> None:
    """Drop impressions that PostgreSQL has; raises StoreDown."""
    if stream_ids:
        with reaching_redis():
            patient_client().xdel(STREAM, *stream_ids)


def _key(search_id: str) -> str:
    return f"sch:{search_id}"
