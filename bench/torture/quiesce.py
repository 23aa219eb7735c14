"""After the last fault: how long until all is served, published and equal again, and then until nothing is open."""

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psycopg
import redis

from bench.torture.rig import Rig

_HEALTHY_SECONDS = 60.0
_DECIDED_SECONDS = 90.0
_JUMP_PAUSE_SECONDS = 3.0  # for the sweeps and the janitor to do what a jump has made due
_SOON_SECONDS = 4.0
_WORD_SECONDS = 5.0
_WAITING = {
    "orders": "SELECT count(*) FROM orders_order WHERE status IN ('PROPOSED', 'PAYMENT_PENDING', 'PAID')",
    "payments": "SELECT count(*) FROM payments_payment WHERE status IN ('CREATED', 'SUBMITTED', 'UNKNOWN')",
    "refunds": "SELECT count(*) FROM payments_refund WHERE status = 'PENDING'",
}
_DUE = """
    SELECT coalesce(extract(epoch FROM max(due) - altis_clock()), 0),
           extract(epoch FROM altis_clock() - clock_timestamp())
    FROM (SELECT expires_at FROM orders_order WHERE status = 'PROPOSED'
          UNION ALL SELECT fulfil_at FROM orders_order WHERE status = 'PAID'
          UNION ALL SELECT check_at FROM payments_payment WHERE status IN ('CREATED', 'SUBMITTED', 'UNKNOWN')
          UNION ALL SELECT attempt_at FROM payments_refund WHERE status = 'PENDING') AS open (due)
"""
_LEDGER = "SELECT id, capacity + forced_over - sold - held, version FROM catalog_inventory"
_OUTBOX = "SELECT count(*) FROM store_outboxevent WHERE published_at IS NULL"


@dataclass
class Quiet:
    """Seconds since everything was healed; None: not within its time."""

    seconds_until_serving: float | None = None
    seconds_until_gate_equals_ledger: float | None = None
    seconds_until_outbox_empty: float | None = None
    seconds_until_decided: float | None = None
    open_at_the_end: dict[str, int] = field(default_factory=dict)  # by kind; empty when all went well

    @property
    def is_quiet(self) -> bool:
        """Whether everything came to its end in time."""
        return not self.open_at_the_end


def quiesce(rig: Rig, *, say: Callable[[str], None]) -> Quiet:
    """Heal the rig, wait until it is well, then let time pass until no order, payment or refund is open.

    Call it when the load has stopped. The clock is right again afterwards.
    """
    quiet, watch = Quiet(), _Watch(rig)
    rig.heal()
    _right_clock(rig)
    began = time.monotonic()

    def all_well() -> bool:
        for name, look in watch.looks().items():
            if getattr(quiet, name) is None and look():
                setattr(quiet, name, round(time.monotonic() - began, 2))
        return all(getattr(quiet, name) is not None for name in watch.looks())

    rig.wait_for(all_well, _HEALTHY_SECONDS)
    say(
        f"serving after {quiet.seconds_until_serving} s, gate equals ledger after"
        f" {quiet.seconds_until_gate_equals_ledger} s, outbox empty after {quiet.seconds_until_outbox_empty} s"
    )
    if rig.wait_for(_Passing(rig, watch, say), _DECIDED_SECONDS):
        quiet.seconds_until_decided = round(time.monotonic() - began, 2)
    _right_clock(rig)
    rig.wait_for(lambda: watch.gate_differs() == 0 and watch.count(_OUTBOX) == 0, _HEALTHY_SECONDS)
    quiet.open_at_the_end = {kind: count for kind, count in watch.open().items() if count}
    say(f"still open: {quiet.open_at_the_end}" if quiet.open_at_the_end else "nothing is open any more")
    return quiet


class _Watch:
    """Looks from outside, past the proxies; what cannot be seen counts as not well."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def looks(self) -> dict[str, Callable[[], bool]]:
        """Questions by the field of Quiet that they answer."""
        return {
            "seconds_until_serving": self.is_serving,
            "seconds_until_gate_equals_ledger": lambda: self.gate_differs() == 0,
            "seconds_until_outbox_empty": lambda: self.count(_OUTBOX) == 0,
        }

    def is_serving(self) -> bool:
        """/readyz says so."""
        connection = http.client.HTTPConnection(urlsplit(self._rig.api_url).netloc, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def count(self, question: str) -> int:
        """One number from the database; -1 when it does not answer."""
        with suppress(psycopg.Error), _session(self._rig) as session:
            row = session.execute(question).fetchone()
            return int(row[0]) if row else -1
        return -1

    def gate_differs(self) -> int:
        """How many inventories the gate knows and sees otherwise than the ledger, or keeps a live token of."""
        try:
            with _session(self._rig) as session, redis.Redis.from_url(self._rig.redis_url, socket_timeout=2) as gate:
                rows = session.execute(_LEDGER).fetchall()
                seconds, micros = gate.time()
                with gate.pipeline(transaction=False) as pipeline:
                    for id, _, _ in rows:
                        pipeline.hgetall(f"inv:{{{id}}}")
                    hashes = pipeline.execute()
        except (psycopg.Error, redis.RedisError, OSError):
            return -1
        now_ms = seconds * 1000 + micros // 1000
        return sum(
            bool(fields) and _differs(fields, available, version, now_ms)
            for (_, available, version), fields in zip(rows, hashes, strict=True)
        )

    def open(self) -> dict[str, int]:
        """What has not come to its end, by kind; -1 where nobody answers."""
        counts = {kind: self.count(question) for kind, question in _WAITING.items()}
        return counts | {"gate": self.gate_differs(), "outbox": self.count(_OUTBOX)}


class _Passing:
    """Lets time pass: whatever is open is made due by the clock, again and again until nothing is."""

    def __init__(self, rig: Rig, watch: _Watch, say: Callable[[str], None]) -> None:
        self._rig, self._watch, self._say = rig, watch, say
        self._next_look, self._next_word = 0.0, time.monotonic() + _WORD_SECONDS

    def __call__(self) -> bool:
        """Whether nothing is open; jumps when only the future would decide."""
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + 0.5
        counts = {kind: self._watch.count(question) for kind, question in _WAITING.items()}
        if not any(counts.values()):
            return True
        if time.monotonic() >= self._next_word:
            self._next_word += _WORD_SECONDS
            self._say(f"still open: {', '.join(f'{count} {kind}' for kind, count in counts.items() if count)}")
        with suppress(psycopg.Error):
            with _session(self._rig) as session:
                row = session.execute(_DUE).fetchone()
            ahead, offset = (float(part) for part in row or (0, 0))
            if ahead > _SOON_SECONDS:
                self._say(f"letting {ahead / 60:.1f} minutes pass")
                self._rig.set_clock(round(offset + ahead + 1))
                self._next_look = time.monotonic() + _JUMP_PAUSE_SECONDS
        return False


def _differs(fields: dict[bytes, bytes], available: int, version: int, now_ms: int) -> bool:
    figures = (int(fields.get(b"base", b"-1")), int(fields.get(b"ver", b"-1")))
    deadlines = [int(value.partition(b"|")[2]) for name, value in fields.items() if name.startswith(b"t:")]
    return figures != (available, version) or any(deadline > now_ms for deadline in deadlines)


def _right_clock(rig: Rig) -> None:
    def is_right() -> bool:
        with suppress(psycopg.Error):
            rig.set_clock(0)
            return True
        return False

    rig.wait_for(is_right, _HEALTHY_SECONDS)


@contextmanager
def _session(rig: Rig) -> Iterator[psycopg.Connection]:
    with psycopg.connect(rig.database_url, connect_timeout=2, options="-c statement_timeout=5000") as session:
        yield session
