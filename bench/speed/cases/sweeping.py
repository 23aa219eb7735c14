"""100,000 orders whose holds have ended, swept by the product's own worker while searches go on."""

import threading
import time
from dataclasses import replace
from functools import partial

import psycopg

from bench.speed import traffic
from bench.speed.asking import UnexpectedReply
from bench.speed.bench import Bench, Shot
from bench.speed.bulk import Copies, analyse, insert, readers
from bench.speed.cpu import Meter
from bench.speed.drive import Load, generate
from bench.speed.figures import Outcome, Run
from bench.speed.offers import Shelf, accepted

NAMES = ("sweep",)
ORDERS, QUICK_ORDERS = 100_000, 400
_CONNECTIONS = 16
_RATE, _QUICK_RATE = 200.0, 20.0
_CHUNK_SECONDS = 2.0
_MOST_SECONDS = 300.0
_LOOK_SECONDS = 0.1
# In the order of an index, so that looking costs nothing.
_DUE = "SELECT expires_at <= altis_now() FROM orders_order WHERE status = 'PROPOSED' ORDER BY expires_at LIMIT 1"
_LEFT = """
    SELECT count(*) FILTER (WHERE o.status <> 'EXPIRED'), count(*) FILTER (WHERE h.status <> 'RELEASED'),
           count(*) FILTER (WHERE NOT EXISTS (
               SELECT 1 FROM store_outboxevent e WHERE e.subject = o.id AND e.type = 'altis.order.expired'))
    FROM orders_order o JOIN catalog_hold h ON h.order_id = o.id WHERE o.id BETWEEN %s AND %s
"""
_HEAD = "ord_0b"


def measure(bench: Bench) -> None:
    """As often as anything else; each time with orders of their own."""
    if not bench.options.wants("sweep"):
        return
    quick = bench.options.quick
    sweep = _Sweep(bench, orders=QUICK_ORDERS if quick else ORDERS, rate=_QUICK_RATE if quick else _RATE)
    bench.ground.run_jobs()
    try:
        runs = [sweep.run(number) for number in range(bench.options.runs)]
    finally:
        bench.ground.end("beat")
        bench.ground.end("worker")
    bench.keep(Shot(name=f"sweep@{_CONNECTIONS}", fire=lambda _: runs[0].outcome), runs)
    bench.findings.facts["sweep_seconds"] = round(sorted(sweep.seconds)[len(sweep.seconds) // 2], 2)
    bench.findings.facts["sweep_orders"] = sweep.orders


class _Sweep:
    def __init__(self, bench: Bench, *, orders: int, rate: float) -> None:
        self._bench, self.orders, self._rate = bench, orders, rate
        self.seconds: list[float] = []
        roomy = bench.on(bench.scale.accept_day)
        [(_, self._order)] = accepted(bench.ground.port, Shelf(bench.ground.port, roomy, bench.people[:1]).take(1))
        hot = traffic.popular(bench.markets, seed=1)
        self._file = bench.file("sweep", traffic.searches(traffic.by_zipf(hot, seed=3), bench.people, count=2000))

    def run(self, number: int) -> Run:
        """Insert, wait until none is due, and say how long it took and how the searches fared."""
        ground, first = self._bench.ground, 1 + number * self.orders
        self._bench.progress.now(f"sweep: inserting {self.orders:,} orders")
        meter = Meter({"worker": partial(ground.pid, "worker"), "postgres": partial(ground.pid, "postgres")})
        insert(ground.database_url, self._copies(first))
        began, over = time.monotonic(), threading.Event()
        meter.start()
        searches: list[Outcome] = []
        thread = threading.Thread(target=self._search, args=(over, searches))
        thread.start()
        try:
            self._wait(began)
            took = time.monotonic() - began
            spent = meter.stop()
        finally:
            over.set()
            thread.join()
        self._check(first)
        self.seconds.append(took)
        analyse(ground.database_url)
        worst = max(searches[:-1] or searches, key=lambda seen: seen.p95_ms)
        errors = sum(seen.errors for seen in searches)
        outcome = replace(worst, requests=self.orders, seconds=took, errors=errors)
        each = {name: seconds * 1e6 / self.orders for name, seconds in spent.seconds.items()}
        return Run(outcome=outcome, cpu_us=each, foreign=spent.foreign)

    def _search(self, over: threading.Event, into: list[Outcome]) -> None:
        """Searches in an open loop, a chunk after the other: the worst chunk is what is told."""
        while not over.is_set():
            load = Load(
                port=self._bench.ground.port,
                file=self._file,
                connections=_CONNECTIONS,
                seconds=min(_CHUNK_SECONDS, self._bench.options.seconds),
            )
            into.append(generate(load, rate=self._rate))

    def _wait(self, began: float) -> None:
        with psycopg.connect(self._bench.ground.database_url, autocommit=True) as session:
            while time.monotonic() - began < _MOST_SECONDS:
                row = session.execute(_DUE).fetchone()
                if row is None or not row[0]:
                    return
                self._bench.progress.now(f"sweep: {time.monotonic() - began:.0f} s")
                self._bench.ground.interrupt.pause(_LOOK_SECONDS)
        raise UnexpectedReply(f"the sweep had not finished after {_MOST_SECONDS:.0f} s")

    def _check(self, first: int) -> None:
        """Each order has expired, its hold is released, its event is written; raises UnexpectedReply."""
        ends = [f"{_HEAD}{number:021d}000" for number in (first, first + self.orders - 1)]
        with psycopg.connect(self._bench.ground.database_url) as session:
            left = session.execute(_LEFT, ends).fetchone()
        if left is None or any(left):
            raise UnexpectedReply(f"after the sweep: orders, holds, events that are missing: {left}")

    def _copies(self, first: int) -> Copies:
        users = len(self._bench.people)
        return Copies(
            order_id=self._order["id"],
            first=first,
            count=self.orders,
            users=users,
            readers=readers(users),
            due_in=-1.0,
            except_day=self._bench.scale.accept_day,
        )
