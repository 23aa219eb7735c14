"""How fast the Redis server answers alone: `redis-benchmark` where it is on PATH, else a loop of ours."""

import csv
import io
import shutil
import subprocess
import time
from urllib.parse import urlsplit

import redis

from bench.speed.drive import DriveError
from bench.speed.figures import Outcome, outcome_of

_CLIENTS, _PIPELINE, _BYTES = 16, 16, 200
_SHARE = 40_000  # commands for each second that it shall take, roughly


def redis_get(url: str, *, seconds: float) -> Outcome:
    """GETs of 200 bytes by 16 clients, 16 in each round trip; latencies are of whole round trips."""
    if shutil.which("redis-benchmark"):
        return _by_benchmark(url, round(_SHARE * seconds))
    return _by_ourselves(url, seconds)


def method() -> str:
    """Which of the two it is on this machine."""
    return "redis-benchmark" if shutil.which("redis-benchmark") else "a pipelined loop of ours (no redis-benchmark)"


def _by_benchmark(url: str, requests: int) -> Outcome:
    place = urlsplit(url)
    words = ["redis-benchmark", "-h", str(place.hostname), "-p", str(place.port), "-a", str(place.password)]
    words += ["-c", str(_CLIENTS), "-P", str(_PIPELINE), "-d", str(_BYTES), "-n", str(requests * _PIPELINE)]
    done = subprocess.run([*words, "-t", "set,get", "--csv"], capture_output=True, text=True, timeout=60, check=False)
    row = next((row for row in csv.DictReader(io.StringIO(done.stdout)) if row.get("test") == "GET"), None)
    if row is None:
        raise DriveError(f"redis-benchmark told nothing: {done.stdout[-200:]}{done.stderr[-200:]}")
    per_s = float(row["rps"])
    return Outcome(
        requests=requests * _PIPELINE,
        seconds=requests * _PIPELINE / per_s,
        errors=0,
        p50_ms=float(row["p50_latency_ms"]),
        p95_ms=float(row["p95_latency_ms"]),
        p99_ms=float(row["p99_latency_ms"]),
    )


def _by_ourselves(url: str, seconds: float) -> Outcome:
    with redis.Redis.from_url(url) as client:
        client.set("speed", b"x" * _BYTES)
        batch = _CLIENTS * _PIPELINE
        latencies: list[float] = []
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            at = time.perf_counter()
            with client.pipeline(transaction=False) as pipeline:
                for _ in range(batch):
                    pipeline.get("speed")
                pipeline.execute()
            latencies += [time.perf_counter() - at] * batch
        client.delete("speed")
        return outcome_of(latencies, seconds=time.perf_counter() - began, errors=0)
