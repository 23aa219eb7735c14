"""The gate: a Redis hash per inventory id that keeps losers away from the ledger.

A wrong gate costs a wasted transaction or a brief undersell; it can never oversell, because the ledger decides.
Fields of `inv:{id}`: `base` (what the ledger said was available), `ver` (the ledger's version when it said so), and
`t:<token>` for every attempt in flight (`units|deadline in ms`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import inf
from pathlib import Path
from typing import cast

from django.conf import settings

from altis.store.redis import client, patient_client, reaching_redis, run, run_together

_HOLD, _PUSH = (Path(__file__).parent / "lua" / name for name in ("hold.lua", "push.lua"))
_SCAN = 1000
_NEWS = "news:inventory"  # as in push.lua


class Answer(IntEnum):
    """What the gate says to an attempt."""

    COLD = -1
    NO = 0
    HELD = 1
    TWIN = 2


@dataclass(frozen=True, slots=True)
class Level:
    """What the ledger says of one inventory, as of a version."""

    inventory_id: int
    available: int
    version: int


@dataclass(frozen=True, slots=True)
class News:
    """A figure that the gate took; `forced` after the ledger itself went back in time. `position`: in the stream."""

    position: bytes
    level: Level
    forced: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything the gate has of one inventory. A figure that cannot be read is None, such a deadline infinite."""

    available: int | None
    version: int | None
    deadlines: tuple[float, ...] = ()


def _key(inventory_id: int) -> str:
    return f"inv:{{{inventory_id}}}"


def hold(inventory_id: int, *, token: str, units: int) -> Answer:
    """Ask the gate for units under a token; raises StoreDown when Redis is away."""
    with reaching_redis():
        lasts = settings.ALTIS_GATE_TOKEN_SECONDS * 1000
        code, _ = run(_HOLD, [_key(inventory_id)], [token, units, lasts], client=client())
    return Answer(code)


def hold_all(units: Mapping[int, int], *, token: str) -> dict[int, Answer]:
    """Ask every gate for its units under a token, in ascending order and one round trip; raises StoreDown."""
    ids, lasts = sorted(units), settings.ALTIS_GATE_TOKEN_SECONDS * 1000
    calls = [(_key(id), (token, units[id], lasts)) for id in ids]
    with reaching_redis():
        answers = run_together(_HOLD, calls, client=client()) if calls else []
    return {id: Answer(code) for id, (code, _) in zip(ids, answers, strict=True)}


def push(levels: Iterable[Level], *, token: str = "", force: bool = False) -> int:
    """Tell the gate what the ledger says, and take the token away; returns how many figures were news to it."""
    forced = "1" if force else "0"
    calls = [(_key(each.inventory_id), (token, each.available, each.version, forced)) for each in levels]
    with reaching_redis():
        return sum(run_together(_PUSH, calls, client=client())) if calls else 0


def give_back(inventory_ids: Iterable[int], *, token: str) -> None:
    """Take the token of a failed attempt away."""
    with reaching_redis(), client().pipeline(transaction=False) as pipeline:
        for inventory_id in inventory_ids:
            pipeline.hdel(_key(inventory_id), f"t:{token}")
        pipeline.execute()


def read(inventory_ids: Sequence[int]) -> dict[int, int | None]:
    """What the gate has as available, in one round trip; None where it is cold, or has nothing that can be read."""
    with reaching_redis(), client().pipeline(transaction=False) as pipeline:
        for inventory_id in inventory_ids:
            pipeline.hget(_key(inventory_id), "base")
        bases = [_whole(base or b"") for base in pipeline.execute()]
    return {id: None if base is None else max(0, base) for id, base in zip(inventory_ids, bases, strict=True)}


def levels(inventory_ids: Sequence[int]) -> dict[int, Gate | None]:
    """The figures that the gate was told last of each id, without tokens; None where it is cold."""
    with reaching_redis(), client().pipeline(transaction=False) as pipeline:
        for inventory_id in inventory_ids:
            pipeline.hmget(_key(inventory_id), ["base", "ver"])
        found = pipeline.execute()
    return {
        id: None if base is None and ver is None else Gate(_whole(base or b""), _whole(ver or b""))
        for id, (base, ver) in zip(inventory_ids, found, strict=True)
    }


def gates(inventory_ids: Sequence[int]) -> dict[int, Gate | None]:
    """Figures and tokens (by their deadlines in ms) of each id; None where the gate is cold."""
    with reaching_redis(), client().pipeline(transaction=False) as pipeline:
        for inventory_id in inventory_ids:
            pipeline.hgetall(_key(inventory_id))
        found = pipeline.execute()
    return {id: _gate(fields) if fields else None for id, fields in zip(inventory_ids, found, strict=True)}


def drop_tokens(inventory_ids: Iterable[int], *, living_past: int) -> int:
    """Take away tokens that no attempt could have put there: those that outlive an instant in ms; returns how many."""
    gone = 0
    with reaching_redis():
        for inventory_id in inventory_ids:
            fields = cast("dict[bytes, bytes]", client().hgetall(_key(inventory_id)))
            tokens = {name: value for name, value in fields.items() if name.startswith(b"t:")}
            stray = [name for name, value in tokens.items() if _deadline(value) > living_past]
            gone += client().hdel(_key(inventory_id), *stray) if stray else 0
    return gone


def forget(inventory_ids: Iterable[int]) -> None:
    """Make the gate cold for these ids: the ledger does not have them, or the next caller fills them."""
    with reaching_redis(), client().pipeline(transaction=False) as pipeline:
        for inventory_id in inventory_ids:
            pipeline.delete(_key(inventory_id))
        pipeline.execute()


def news_position() -> bytes:
    """The position of the last news; raises StoreDown. A stream without any gets some of nothing first."""
    with reaching_redis():
        last = cast("list[tuple[bytes, dict[bytes, bytes]]]", patient_client().xrevrange(_NEWS, count=1))
        if last:
            return last[0][0]
        return cast("bytes", patient_client().xadd(_NEWS, {"i": 0, "a": 0, "v": 0, "f": 0}))


def news_since(position: bytes, count: int) -> list[News] | None:
    """The next news after a position, at most so many, oldest first; raises StoreDown. One round trip.

    None when the position itself is gone: the stream was cut, or Redis has lost its memory or came back with an older
    one. Then news may be missing.
    """
    with reaching_redis():
        found = cast(
            "list[tuple[bytes, dict[bytes, bytes]]]", patient_client().xrange(_NEWS, min=position, count=count + 1)
        )
    if not found or found[0][0] != position:
        return None
    return [
        News(id, Level(int(told[b"i"]), int(told[b"a"]), int(told[b"v"])), told[b"f"] == b"1") for id, told in found[1:]
    ]


def server_time() -> int:
    """The clock that the deadlines of tokens go by, in ms."""
    with reaching_redis():
        seconds, microseconds = client().time()
    return seconds * 1000 + microseconds // 1000


def server_run_id() -> str:
    """Changes whenever the Redis server was started anew, perhaps with older data or none."""
    with reaching_redis():
        return str(client().info("server")["run_id"])


def remember_run_id(run_id: str) -> str | None:
    """Store the run id seen, and return the one that was stored before (None when the data were lost)."""
    with reaching_redis():
        before = cast("bytes | None", client().set("reconcile:run_id", run_id, get=True))
    return before.decode() if before else None


def known_ids() -> Iterator[int]:
    """Every inventory id that the gate knows; some may come twice."""
    cursor = -1
    while cursor != 0:
        cursor, ids = _scan(max(cursor, 0), _SCAN)
        yield from ids


def next_ids(share: int) -> list[int]:
    """The next of `share` parts of the ids that the gate knows, going round; where it stands is kept in Redis."""
    with reaching_redis():
        kept = client().get("reconcile:cursor")
        size = client().dbsize()
    cursor, ids = _scan(int(kept or 0), max(_SCAN, -(-size // share)))
    with reaching_redis():
        client().set("reconcile:cursor", cursor)
    return ids


def _scan(cursor: int, count: int) -> tuple[int, list[int]]:
    with reaching_redis():
        cursor, keys = client().scan(cursor=cursor, match="inv:{*}", count=count)
    named = [cast("bytes", key)[5:-1] for key in keys]
    return cursor, [int(id) for id in named if id.isdigit()]


def _gate(fields: dict[bytes, bytes]) -> Gate:
    return Gate(
        available=_whole(fields.get(b"base", b"")),
        version=_whole(fields.get(b"ver", b"")),
        deadlines=tuple(_deadline(value) for name, value in fields.items() if name.startswith(b"t:")),
    )


def _deadline(token: bytes) -> float:
    ms = _whole(token.rpartition(b"|")[2])
    return inf if ms is None else ms


def _whole(text: bytes) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
