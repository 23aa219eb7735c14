"""What every case has in hand: the ground, the customers, and how a run is measured."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.speed import redis_load, traffic, yardsticks
from bench.speed.bulk import readers
from bench.speed.cpu import Meter, wait_for_quiet
from bench.speed.drive import Load, closed_loop
from bench.speed.figures import Outcome, Run, median_run
from bench.speed.ground import Ground
from bench.speed.scale import Scale
from bench.speed.traffic import Customer, Market
from bench.speed.wire import write_requests
from bench.torture.progress import Progress

_QUIET_CORES, _QUIET_SECONDS = 0.25, 4.0
_AWAKE_CORES, _AWAKE_SECONDS = 0.5, 20.0
_WARM_SECONDS = 1.0
_NAMES = {"postgres": "postgres", "valkey": "redis"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How long and how often."""

    runs: int = 3
    seconds: float = 3.0
    quick: bool = False
    only: frozenset[str] = frozenset()

    def wants(self, *names: str) -> bool:
        """Whether any of these cases or yardsticks was asked for; all are when none is named."""
        return not self.only or bool(self.only & set(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One thing to measure: `fire` for so many seconds, after `prepare`, which is not measured."""

    name: str  # with @connections for a case
    fire: Callable[[float], Outcome]
    prepare: Callable[[], object] = lambda: None
    server: str = "api"  # whose processor time counts as the API's
    yardstick: bool = False
    warm: bool = True


@dataclass
class Findings:
    """What has been measured so far: cases and yardsticks by name, single figures, and remarks for the reader."""

    cases: dict[str, Run] = field(default_factory=dict)
    yardsticks: dict[str, Run] = field(default_factory=dict)
    runs: dict[str, list[Run]] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # what could not be measured, and why


class Bench:
    """Runs shots on a ground that has been started and prepared."""

    def __init__(self, ground: Ground, options: Options, progress: Progress, folder: Path) -> None:
        self.ground, self.options, self.progress, self.folder = ground, options, progress, folder
        self.findings = Findings()
        self.scale = Scale()
        self.people: list[Customer] = []
        self.markets: list[Market] = []

    def settle(self, scale: Scale, world: dict[str, Any]) -> None:
        """Take in what was seeded."""
        self.scale = scale
        self.people = traffic.customers(world["tokens"])
        self.markets = traffic.markets(self.ground.database_url)

    @property
    def readers(self) -> list[Customer]:
        """Those whose orders are read: they buy a few for that, and nothing else."""
        return self.people[: readers(len(self.people))]

    @property
    def buyers(self) -> list[Customer]:
        """Everybody else."""
        return self.people[readers(len(self.people)) :]

    def on(self, *days: object) -> list[Market]:
        """The markets of these days."""
        return [market for market in self.markets if market.day in days]

    def file(self, name: str, requests: Iterable[bytes]) -> Path:
        """A file of requests."""
        path = self.folder / f"{name}.requests"
        write_requests(path, requests)
        return path

    def closed(self, name: str, file: Path, connections: int, **more: Any) -> Shot:
        """A closed loop over a file of requests that may be repeated."""

        def fire(seconds: float) -> Outcome:
            return closed_loop(Load(port=self.ground.port, file=file, connections=connections, seconds=seconds))

        return Shot(name=f"{name}@{connections}", fire=fire, **more)

    def wake(self, file: Path, connections: int) -> None:
        """Let each process of a new API read its index, which the first requests begin: no part of any case."""
        closed_loop(Load(port=self.ground.port, file=file, connections=connections, seconds=_WARM_SECONDS))
        wait_for_quiet(most_cores=_AWAKE_CORES, seconds=0.5 if self.options.quick else _AWAKE_SECONDS)

    def beside(self, name: str, file: Path, connections: int, *, workers: int, django: bool) -> Shot:
        """A yardstick on a server of its own, which is started here."""
        server = yardsticks.start(self.ground, name, workers=workers, django=django)

        def fire(seconds: float) -> Outcome:
            return closed_loop(Load(port=server.port, file=file, connections=connections, seconds=seconds))

        return Shot(name=name, fire=fire, server=name, yardstick=True)

    def redis_get(self) -> Shot:
        """The Redis server alone."""
        self.findings.notes.append(f"redis_get: {redis_load.method()}")
        url = self.ground.redis_url
        return Shot(
            name="redis_get",
            fire=lambda seconds: redis_load.redis_get(url, seconds=min(seconds, 2)),
            server="valkey",
            yardstick=True,
            warm=False,
        )

    def series(self, shots: Sequence[Shot]) -> None:
        """Run the shots in turn, round after round: what is to be compared is measured at the same time."""
        runs: dict[str, list[Run]] = {shot.name: [] for shot in shots}
        for number in range(self.options.runs):
            for shot in shots:
                self.progress.now(f"{shot.name}, run {number + 1} of {self.options.runs}")
                runs[shot.name].append(self.once(shot, first=number == 0))
        for shot in shots:
            self.keep(shot, runs[shot.name])

    def once(self, shot: Shot, *, first: bool) -> Run:
        """One run."""
        self.ground.tidy()
        shot.prepare()
        if shot.warm and first:
            shot.fire(_WARM_SECONDS)
        wait_for_quiet(most_cores=_QUIET_CORES, seconds=0.5 if self.options.quick else _QUIET_SECONDS)
        meter = Meter(self._groups(shot.server))
        meter.start()
        outcome = shot.fire(self.options.seconds)
        spent = meter.stop()
        each = 1e6 / max(1, outcome.work, outcome.requests)
        return Run(outcome=outcome, cpu_us={name: s * each for name, s in spent.seconds.items()}, foreign=spent.foreign)

    def keep(self, shot: Shot, runs: Sequence[Run]) -> None:
        """Put the median down, and say it."""
        middle = median_run(runs)
        (self.findings.yardsticks if shot.yardstick else self.findings.cases)[shot.name] = middle
        self.findings.runs[shot.name] = list(runs)
        seen = middle.outcome
        cpu = ", ".join(f"{name} {value:.0f}" for name, value in middle.cpu_us.items() if value >= 1)
        errors = f", {seen.errors} ERRORS" if seen.errors else ""
        self.progress.say(
            f"{shot.name}: {seen.per_s:,.0f}/s, p50 {seen.p50_ms:.1f}, p95 {seen.p95_ms:.1f}, "
            f"p99 {seen.p99_ms:.1f} ms; us per request: {cpu}{errors}"
        )

    def _groups(self, measured: str) -> dict[str, Callable[[], int | None]]:
        groups: dict[str, Callable[[], int | None]] = {
            label: partial(self.ground.pid, name) for name, label in _NAMES.items()
        }
        return groups if measured in _NAMES else {"api": partial(self.ground.pid, measured), **groups}
