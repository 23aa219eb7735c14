"""One whole measurement: ground, growth, cases, result."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import redis

from altis.devstack.api_server import server_words
from altis.devstack.log import divert
from altis.devstack.state import temporary_root
from bench.speed.asking import UnexpectedReply
from bench.speed.bench import Bench, Options
from bench.speed.cases import growth, reading, reads, sweeping, writing
from bench.speed.drive import DriveError, driver_name
from bench.speed.ground import Ground
from bench.speed.reality import Drifted
from bench.speed.result import as_json
from bench.speed.scale import FULL, GROWTH, QUICK, Scale
from bench.speed.yardsticks import interface_of
from bench.torture.progress import Progress

FAILURES = (UnexpectedReply, DriveError, Drifted, LookupError, psycopg.Error, redis.RedisError, OSError)
NAMES = (
    *(*reading.NAMES, *writing.NAMES, *sweeping.NAMES, *reads.NAMES, *growth.NAMES),
    *(*reading.YARDSTICKS, *writing.YARDSTICKS),
)
# Reads come after the sweep, which leaves its orders behind; two workers come last, since they change the API.
_PARTS: tuple[tuple[tuple[str, ...], Callable[[Bench], None]], ...] = (
    ((*reading.NAMES, *reading.YARDSTICKS), reading.measure),
    ((*writing.NAMES, *writing.YARDSTICKS), writing.measure),
    (sweeping.NAMES, sweeping.measure),
    (reads.NAMES, reads.measure),
    (("two-workers",), growth.measure_workers),
)


def run(options: Options, *, workers: int, progress: Progress) -> dict[str, Any]:
    """Measure what `options` ask for; raises StackError, DriveError and the like, and leaves nothing running."""
    with tempfile.TemporaryDirectory(prefix="altis-bench-", dir=temporary_root()) as name:
        folder = Path(name)
        folder.chmod(0o711)
        ground = Ground(folder / "stack", workers=workers)
        bench = Bench(ground, options, progress, folder)
        log = (folder / "stack.log").open("a")
        divert(log.write)
        try:
            _measure(bench, progress)
        finally:
            ground.stop()
            divert(None)
            log.close()
    interface = interface_of(server_words("127.0.0.1", 1, workers, None, environ=os.environ))
    return as_json(bench.findings, options, interface=interface, workers=workers, driver=driver_name())


def _measure(bench: Bench, progress: Progress) -> None:
    options = bench.options
    progress.now("starting PostgreSQL, Valkey and the payment simulator")
    bench.ground.start()
    if options.wants("growth") and not options.quick:
        for label, scale in GROWTH.items():
            _settle(bench, scale, progress)
            growth.measure_scale(bench, label, scale)
    else:
        _settle(bench, QUICK if options.quick else FULL, progress)
    for names, measure in _PARTS:
        if options.wants(*names):
            attempt(bench, names, measure)


def attempt(bench: Bench, names: tuple[str, ...], measure: Callable[[Bench], None]) -> None:
    """Measure one part. When it fails that is put down, and the others go on with an API anew."""
    try:
        measure(bench)
    except FAILURES as error:
        bench.findings.failures.append(f"{names[0]}: {type(error).__name__}: {error}")
        bench.progress.say(f"FAILED {bench.findings.failures[-1]}")
        bench.ground.serve()


def _settle(bench: Bench, scale: Scale, progress: Progress) -> None:
    progress.now(f"seeding {scale.flights:,} flights, {scale.products} products, {scale.users:,} users")
    bench.ground.end("api")
    bench.settle(scale, bench.ground.prepare(scale))
    bench.ground.serve()
    progress.say(f"{scale.flights:,} flights are for sale")
