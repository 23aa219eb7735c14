"""The live offers in Redis: one document per search, and the stream of what was shown.

`sch:{id}` holds a search's offers for their life and a while longer, so that an expired offer is told from an unknown
one. The stream `impressions` is bounded: when its sweep stays away for long, the oldest impressions are lost, never an
offer.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import cast

from altis.store.redis import asked, patient_client, reaching_redis
from altis.store.trips import taking_along
from offers.compact import read_offer
from offers.documents import OfferDocument, search_id_of

STREAM = "impressions"
MOST_IMPRESSIONS = 100_000


def put(search_id: str, *, document: bytes, impression: bytes | None, ttl_seconds: int) -> None:
    """Shelve a search and note its impression, when it is sampled, in one round trip; raises StoreDown.

    Both or neither: a transaction of which a full store refuses one command is not carried out.
    """
    with reaching_redis(), patient_client().pipeline() as pipeline:
        for command in commands(search_id, document=document, impression=impression, ttl_seconds=ttl_seconds):
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py's own
        pipeline.execute()


def commands(
    search_id: str, *, document: bytes, impression: bytes | None, ttl_seconds: int
) -> list[tuple[str | bytes | int, ...]]:
    """What `put` tells Redis, between MULTI and EXEC."""
    wanted: list[tuple[str | bytes | int, ...]] = [("SET", _key(search_id), document, "EX", ttl_seconds)]
    if impression is not None:
        wanted.append(("XADD", STREAM, "MAXLEN", "~", MOST_IMPRESSIONS, "*", "shown", impression))
    return wanted


def get(offer_id: str) -> OfferDocument | None:
    """The offer as it was made, live or lately expired; None when it is unknown. Raises StoreDown."""
    with reaching_redis():
        found = cast("bytes | None", asked("GET", _key(search_id_of(offer_id)), client=patient_client()))
    return None if found is None else read_offer(found, offer_id)


def fetching(offer_id: str) -> AbstractContextManager[None]:
    """Within the block, whatever asks Redis first on this thread fetches what `get` will want."""
    return taking_along(("GET", _key(search_id_of(offer_id))), client=patient_client())


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
