"""`python -m bench`: how long search and accept take over HTTP, in a closed loop of a few customers.

A closed loop never asks faster than it is answered: it shows latency at a modest load, not the highest throughput.
Client and server share one machine. Start the stack with ALTIS_RATE_LIMITS=off and ALTIS_OPEN_HOLDS=off.
"""

import argparse
import json
import os
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import httpx
from rich.console import Console
from rich.table import Table

from bench.customer import OPERATIONS, Customer, Samples, UnexpectedReply

_RESULTS = Path(__file__).parent / "results"
Figures = dict[str, dict[str, float]]


def run(url: str, *, threads: int, seconds: float) -> Figures:
    """Let so many customers search, accept and cancel until the time is over; raises UnexpectedReply."""
    customers = [Customer(url) for _ in range(threads)]
    for customer in customers:
        customer.prepare()
    started = perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        found: list[Samples] = list(pool.map(lambda customer: customer.loop_until(started + seconds), customers))
    elapsed = perf_counter() - started
    return {name: _figures([time for samples in found for time in samples[name]], elapsed) for name in OPERATIONS}


def _figures(seconds: list[float], elapsed: float) -> dict[str, float]:
    """Percentiles by nearest rank over all samples, in milliseconds."""
    times = sorted(seconds)
    ranks = {f"p{percent} ms": times[-(-len(times) * percent // 100) - 1] for percent in (50, 95, 99, 100)}
    rounded = {name: round(value * 1000, 1) for name, value in ranks.items()}
    return {"requests": len(times), "per second": round(len(times) / elapsed, 1), **rounded}


def show(figures: Figures) -> None:
    """A table on the terminal."""
    table = Table("operation", *next(iter(figures.values())), title="Closed loop; client and server on one machine")
    for name, row in figures.items():
        table.add_row(name, *map(str, row.values()))
    Console().print(table)


def keep(figures: Figures, *, threads: int, seconds: float) -> Path:
    """The same as JSON in bench/results, with what one must know to compare it."""
    now = datetime.now(UTC)
    machine = {"cores": os.cpu_count(), "platform": platform.platform(), "load average": os.getloadavg()}
    content = {"at": now.isoformat(), "machine": machine, "threads": threads, "seconds": seconds, "figures": figures}
    _RESULTS.mkdir(exist_ok=True)
    file = _RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return file


def main() -> int:
    """Measure, show, keep; 1 when the stack does not answer as it should."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Times search and accept over HTTP.")
    parser.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('PORT') or 8080}")
    parser.add_argument("--threads", type=int, default=4, help="customers at once (default 4)")
    parser.add_argument("--seconds", type=float, default=10, help="how long (default 10)")
    given = parser.parse_args()
    try:
        figures = run(given.url, threads=given.threads, seconds=given.seconds)
    except (UnexpectedReply, httpx.HTTPError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    show(figures)
    print(f"kept in bench/results/{keep(figures, threads=given.threads, seconds=given.seconds).name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
