"""Driving a server: `wrk` for closed loops where it is on PATH, our own generator for the rest."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

from altis.devstack.config import PROJECT
from bench.speed.figures import Outcome

_LUA = Path(__file__).with_name("requests.lua")
_SPARE_SECONDS = 60.0
_FIELDS = 10


class DriveError(Exception):
    """The driver did not do its work; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Requests of a file, against a port on this machine. With `once` no request is sent twice."""

    port: int
    file: Path
    connections: int
    seconds: float
    once: bool = False

    @property
    def url(self) -> str:
        """For wrk; the requests carry their own paths."""
        return f"http://127.0.0.1:{self.port}/"


def driver_name() -> str:
    """Which driver closed loops have on this machine."""
    return "wrk" if shutil.which("wrk") else "our own generator (no wrk on PATH)"


def closed_loop(load: Load) -> Outcome:
    """As fast as so many connections get their answers; raises DriveError."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return generate(load)
    options = ["-t1", f"-c{load.connections}", f"-d{max(1, round(load.seconds))}s", "--timeout", "30s"]
    words = [wrk, *options, "-s", str(_LUA), load.url, "--", str(load.file), "once" if load.once else "again"]
    return read_wrk(_told_by(words, load.seconds))


def generate(load: Load, *, rate: float | None = None, flow: str = "") -> Outcome:
    """The same by our own generator: in an open loop at `rate` requests a second, or with a `flow` of several."""
    words = [sys.executable, "-m", "bench.speed.generator", str(load.port), str(load.file)]
    words += ["--connections", str(load.connections), "--seconds", str(load.seconds)]
    words += ["--rate", str(rate)] if rate else []
    words += ["--flow", flow] if flow else []
    words += ["--once"] if load.once else []
    return Outcome(**orjson.loads(_told_by(words, load.seconds)))


def read_wrk(text: str) -> Outcome:
    """The line that requests.lua writes at the end; raises DriveError."""
    line = next((line for line in text.splitlines() if line.startswith("altis ")), "")
    fields = [int(field) for field in line.split()[1:]]
    if len(fields) != _FIELDS:
        raise DriveError(f"wrk told nothing: {text[-300:]}")
    requests, micros, refused, broken, late, p50, p95, p99, _, ended = fields
    if ended:
        raise DriveError(f"too few requests were prepared: all were used after {requests} replies")
    return Outcome(
        requests=requests,
        seconds=micros / 1e6,
        errors=refused + broken + late,
        p50_ms=p50 / 1000,
        p95_ms=p95 / 1000,
        p99_ms=p99 / 1000,
    )


def _told_by(words: list[str], seconds: float) -> str:
    done = subprocess.run(
        words, cwd=PROJECT, capture_output=True, text=True, timeout=seconds + _SPARE_SECONDS, check=False
    )
    if done.returncode != 0:
        raise DriveError(f"{Path(words[0]).name} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout
