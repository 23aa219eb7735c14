"""Searches and availability, hot and cold, with 1 to 256 connections, and in an open loop."""

from pathlib import Path

from bench.speed import traffic
from bench.speed.asking import check_searches
from bench.speed.bench import Bench, Shot
from bench.speed.drive import Load, generate
from bench.speed.figures import Outcome
from bench.speed.housekeeping import forget_offers
from bench.speed.wire import read_requests

NAMES = ("search-hot", "search-cold", "flights", "search-open")
YARDSTICKS = ("hello", "django_view", "drf_redis_read", "drf_search", "redis_get")
_REQUESTS = 20_000
_SAMPLE = 200
_RATE = 5000.0
_CONNECTIONS = (1, 8, 16, 256)
_MAIN = 64


def measure(bench: Bench) -> None:
    """All of them."""
    count = 500 if bench.options.quick else _REQUESTS
    hot = traffic.popular(bench.markets, seed=1)
    file = bench.file("search-hot", traffic.searches(traffic.by_zipf(hot, seed=1), bench.people, count=count))
    check_searches(bench.ground.port, list(read_requests(file))[:_SAMPLE])
    wants = bench.options.wants
    if wants("search-hot", *YARDSTICKS):
        bench.series([bench.closed("search-hot", file, _MAIN), *_yardsticks(bench, file)])
        for name in YARDSTICKS:
            bench.ground.end(name)
        forget_offers(bench.ground.redis_url)
    if wants("search-hot") and not bench.options.quick:
        for connections in _CONNECTIONS:
            bench.series([bench.closed("search-hot", file, connections)])
            forget_offers(bench.ground.redis_url)
    if wants("search-open"):
        bench.series([_open(bench, file)])
        forget_offers(bench.ground.redis_url)
    _cold_and_flights(bench, hot, count)


def _cold_and_flights(bench: Bench, hot: list[traffic.Market], count: int) -> None:
    if bench.options.wants("search-cold"):
        # Each market once before any comes again: as many requests as there are markets, or more.
        wanted = traffic.each_once(bench.markets, seed=1)
        many = max(count, len(bench.markets))
        cold = bench.file("search-cold", traffic.searches(wanted, bench.people, count=many))
        check_searches(bench.ground.port, list(read_requests(cold))[-_SAMPLE // 4 :])
        bench.series([bench.closed("search-cold", cold, _MAIN, warm=False)])
        forget_offers(bench.ground.redis_url)
    if bench.options.wants("flights"):
        file = bench.file("flights", traffic.flights(traffic.by_zipf(hot, seed=2), bench.people, count=count))
        bench.series([bench.closed("flights", file, connections) for connections in (16, _MAIN)])


def _yardsticks(bench: Bench, searches: Path) -> list[Shot]:
    """Those that were asked for. DRF has a worker for each core: that is its best, for it computes all the time."""
    wants, ours = bench.options.wants, bench.ground.workers
    asking = bench.people[0]
    views = bench.file("view", [traffic.get("/view", asking)])
    reads = bench.file("read", [traffic.get("/read", asking)])
    cores = 2 if not bench.options.quick else 1
    shots = []
    if wants("search-hot", "hello"):
        shots.append(bench.beside("hello", views, _MAIN, workers=ours, django=False))
    if wants("django_view"):
        shots.append(bench.beside("django_view", views, _MAIN, workers=ours, django=True))
    if wants("drf_redis_read"):
        shots.append(bench.beside("drf_redis_read", reads, _MAIN, workers=cores, django=True))
    if wants("search-hot", "drf_search"):
        shots.append(bench.beside("drf_search", searches, _MAIN, workers=cores, django=True))
    if wants("redis_get"):
        shots.append(bench.redis_get())
    return shots


def _open(bench: Bench, file: Path) -> Shot:
    """5,000 searches a second, whether they are answered or not."""
    rate = 50.0 if bench.options.quick else _RATE

    def fire(seconds: float) -> Outcome:
        return generate(Load(port=bench.ground.port, file=file, connections=_MAIN, seconds=seconds), rate=rate)

    return Shot(name=f"search-open-{rate:.0f}@{_MAIN}", fire=fire, warm=False)
