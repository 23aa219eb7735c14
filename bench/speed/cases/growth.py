"""The same searches with 1, 10 and 100 times the flights, and with one API process against two."""

from bench.speed import traffic
from bench.speed.bench import Bench
from bench.speed.cpu import resident_bytes
from bench.speed.housekeeping import forget_offers
from bench.speed.scale import Scale

NAMES = ("growth", "two-workers")
_MAIN = 64
_READS = 16
_REQUESTS = 20_000
_MB = 1024 * 1024


def measure_scale(bench: Bench, label: str, scale: Scale) -> None:
    """Searches on the first day, which is the same at every scale, and the memory of a worker that has served them."""
    first_day = bench.on(scale.start)
    hot = traffic.popular(first_day, seed=1)
    wanted = traffic.by_zipf(hot, seed=1)
    file = bench.file("growth", traffic.searches(wanted, bench.people, count=_REQUESTS))
    bench.wake(file, _MAIN)
    bench.series([bench.closed(f"growth-{label}", file, _MAIN)])
    workers = bench.ground.api_workers()
    bench.findings.facts[f"growth_{label}_flights"] = scale.flights
    bench.findings.facts[f"growth_{label}_worker_mb"] = round(max(map(resident_bytes, workers), default=0) / _MB, 1)
    forget_offers(bench.ground.redis_url)


def measure_workers(bench: Bench) -> None:
    """One API process, then two: what a search costs, and how many ordinary reads there are."""
    if not bench.options.wants("two-workers"):
        return
    hot = traffic.popular(bench.markets, seed=1)
    count = 500 if bench.options.quick else _REQUESTS
    searches = bench.file("workers", traffic.searches(traffic.by_zipf(hot, seed=1), bench.people, count=count))
    reads = bench.file("worker-reads", [traffic.get("/v1/products?limit=20", who) for who in bench.people])
    for workers, word in ((1, "one-worker"), (2, "two-workers")):
        bench.ground.serve(workers=workers)
        bench.wake(searches, _MAIN)
        bench.series([bench.closed(word, searches, _MAIN), bench.closed(f"{word}-reads", reads, _READS)])
        forget_offers(bench.ground.redis_url)
    bench.ground.serve()
