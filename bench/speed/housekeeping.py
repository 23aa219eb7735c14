"""Between cases: the offers of thousands of searches a second must not fill the store for the next one."""

import time

import redis

_BATCH = 5000
_REWRITE_SECONDS = 60.0


def forget_offers(url: str) -> int:
    """Drop every kept search, and let the append-only file shrink now rather than in the middle of a run."""
    with redis.Redis.from_url(url) as client:
        dropped = _drop(client, "sch:*") + _drop(client, "offer:*")
        client.delete("impressions")
        if dropped and client.info("persistence").get("aof_enabled"):
            _wait(client)  # the server may be at it by itself
            client.bgrewriteaof()
            _wait(client)
    return dropped


def _drop(client: "redis.Redis", pattern: str) -> int:
    dropped, batch = 0, []
    for key in client.scan_iter(pattern, count=_BATCH):
        batch.append(key)
        if len(batch) == _BATCH:
            dropped += client.unlink(*batch)
            batch = []
    return dropped + (client.unlink(*batch) if batch else 0)


def _wait(client: "redis.Redis") -> None:
    ends = time.monotonic() + _REWRITE_SECONDS
    while time.monotonic() < ends:
        told = client.info("persistence")
        if not told.get("aof_rewrite_in_progress") and not told.get("aof_rewrite_scheduled"):
            return
        time.sleep(0.1)
