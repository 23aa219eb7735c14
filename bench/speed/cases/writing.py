"""Accepts, accepts of one flight, payments, and whole journeys. Each offer and each order is used once."""

import time
from collections.abc import Sequence
from pathlib import Path

from bench.speed import traffic
from bench.speed.bench import Bench, Shot
from bench.speed.bulk import readers
from bench.speed.drive import Load, closed_loop, generate
from bench.speed.figures import Outcome
from bench.speed.flows import pay_request
from bench.speed.offers import Shelf, Shown, accepted
from bench.speed.pgbench import Pgbench, Scripts
from bench.speed.reality import pipelined, proven_scripts, record_accepts
from bench.speed.statements import recording

NAMES = ("accept", "accept-hot", "pay", "journey")
YARDSTICKS = ("pgbench_accept",)
_RECORDED = 100
_MARGIN = 3  # more than the first few suggest: nothing must run out
_SAMPLE, _QUICK_SAMPLE = 120, 20
_MAIN = (16, 64)


def measure(bench: Bench) -> None:
    """All of them."""
    wants, quick = bench.options.wants, bench.options.quick
    roomy = bench.on(bench.scale.accept_day)
    shelf = Shelf(bench.ground.port, roomy, bench.buyers)
    connections = _MAIN[:1] if quick else _MAIN
    if wants("accept", *YARDSTICKS):
        yardsticks = record(bench, roomy)
        shots = [_Accepts(bench, shelf, "accept", count).shot() for count in connections]
        shots += [_pgbench(bench, "pgbench_accept", yardsticks[0], count) for count in connections]
        shots += [_pgbench(bench, "pgbench_accept_pipelined", each, _MAIN[0]) for each in yardsticks[1:]]
        bench.series(shots)
    if wants("accept-hot"):
        hot = next(market for market in roomy if market.flights == 1)
        one = Shelf(bench.ground.port, [hot], bench.buyers)
        bench.series([_Accepts(bench, one, "accept-hot", connections[-1]).shot()])
    if wants("pay"):
        bench.series([_Payments(bench, shelf, count).shot() for count in connections[:1]])
    if wants("journey"):
        bench.series([_journey(bench, roomy)])


def record(bench: Bench, markets: Sequence[traffic.Market]) -> list[Scripts]:
    """The statements of an accept, from an API of one worker whose database sessions are logged.

    Scripts that send them as the product does, and others in one go where the product prepares them.
    """
    ground, count = bench.ground, 6 if bench.options.quick else _RECORDED
    log_file = ground.folder / "logs" / "postgres.log"
    with recording(ground.database_url, log_file) as log:
        ground.serve(workers=1)
        shelf = Shelf(ground.port, markets, bench.buyers)
        first = shelf.take(count)
        # Each customer twice in a row: the first time warms what a busy API has in memory.
        second = [Shown(one.customer, other.offer) for one, other in zip(first, shelf.take(count), strict=True)]
        pairs = [each for pair in zip(first, second, strict=True) for each in pair]
        accepts = record_accepts(ground.database_url, log, ground.port, pairs)
    ground.serve()
    folder, users = ground.folder / "pgbench", (readers(len(bench.people)), len(bench.people))
    scripts, remark = proven_scripts(ground.database_url, log_file, accepts, users=users, folder=folder)
    statements = max(map(len, scripts.shapes))
    bench.findings.facts["accept_statements"] = statements
    bench.findings.notes.append(
        f"pgbench_accept: {len(accepts)} recorded accepts, {len(scripts.files)} {scripts.mode} scripts. {remark}"
    )
    bench.progress.say(f"an accept is {statements} statements; {len(scripts.files)} scripts say the same")
    if scripts.mode != "prepared":
        return [scripts]
    return [scripts, pipelined(accepts, users=users, folder=ground.folder / "pgbench-pipelined")]


class _Stock:
    """Makes a file of requests before each run: as many as the last run suggests, and more."""

    def __init__(self, bench: Bench, name: str, connections: int) -> None:
        self.bench, self.name, self.connections = bench, name, connections
        self.rate = 0.0
        self.file = Path()

    def count(self) -> int:
        """How many to prepare."""
        return round(self.rate * self.bench.options.seconds * _MARGIN) + 4 * self.connections

    def guess(self, shelf: Shelf) -> None:
        """The first time: accept some offers, and see how long it takes. A payment takes longer."""
        if not self.rate:
            shown = shelf.take(_QUICK_SAMPLE if self.bench.options.quick else _SAMPLE)
            began = time.perf_counter()
            self.rate = len(accepted(self.bench.ground.port, shown)) / (time.perf_counter() - began)

    def fire(self, seconds: float) -> Outcome:
        """Each request once."""
        load = Load(
            port=self.bench.ground.port,
            file=self.file,
            connections=self.connections,
            seconds=seconds,
            once=True,
        )
        outcome = closed_loop(load)
        self.rate = max(self.rate / 2, outcome.per_s)
        return outcome

    def used(self, outcome: Outcome) -> int:
        """How many requests may have been sent: some were on their way, and one the driver only looks at."""
        return outcome.requests + 2 * self.connections + 2


class _Accepts(_Stock):
    def __init__(self, bench: Bench, shelf: Shelf, name: str, connections: int) -> None:
        super().__init__(bench, name, connections)
        self._shelf, self._taken = shelf, list[Shown]()

    def shot(self) -> Shot:
        return Shot(name=f"{self.name}@{self.connections}", fire=self._fire, prepare=self._prepare, warm=False)

    def _prepare(self) -> None:
        self.guess(self._shelf)
        self._taken = self._shelf.take(self.count())
        self.file = self.bench.file(self.name, (shown.accept() for shown in self._taken))

    def _fire(self, seconds: float) -> Outcome:
        outcome = self.fire(seconds)
        self._shelf.put_back(self._taken[self.used(outcome) :])
        return outcome


class _Payments(_Stock):
    def __init__(self, bench: Bench, shelf: Shelf, connections: int) -> None:
        super().__init__(bench, "pay", connections)
        self._shelf = shelf

    def shot(self) -> Shot:
        return Shot(name=f"pay@{self.connections}", fire=self.fire, prepare=self._prepare, warm=False)

    def _prepare(self) -> None:
        port = self.bench.ground.port
        self.guess(self._shelf)
        orders = accepted(port, self._shelf.take(self.count()))
        self.file = self.bench.file("pay", (pay_request(order["id"], who.headers) for who, order in orders))


def _journey(bench: Bench, roomy: Sequence[traffic.Market]) -> Shot:
    """Customers who search, accept and pay; latencies are of whole journeys."""
    connections = 16
    wanted = traffic.each_once(roomy, seed=5)
    file = bench.file("journey", traffic.searches(wanted, bench.buyers, count=5000, alone=True))

    def fire(seconds: float) -> Outcome:
        load = Load(port=bench.ground.port, file=file, connections=connections, seconds=seconds)
        return generate(load, flow="journey")

    return Shot(name=f"journey@{connections}", fire=fire, warm=False)


def _pgbench(bench: Bench, name: str, scripts: Scripts, clients: int) -> Shot:
    runner = Pgbench(bench.ground.database_url, scripts)
    return Shot(
        name=name if clients == _MAIN[0] else f"{name}_{clients}",
        fire=lambda seconds: runner.run(clients=clients, seconds=seconds),
        server="postgres",
        yardstick=True,
        warm=False,
    )
