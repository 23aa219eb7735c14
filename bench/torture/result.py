"""What one run has shown: the material of its report."""

import os
import platform
import subprocess
from dataclasses import dataclass, field
from typing import Any

import psycopg

from altis.devstack.config import PROJECT
from bench.torture.scenes import SceneResult
from bench.torture.verdict import Verdict

Json = dict[str, Any]


@dataclass(kw_only=True)
class Result:
    """Filled in as the run goes on, so that one cut short still has something to say. Times in seconds."""

    seed: int
    minutes: float
    began: str = ""
    seconds: dict[str, float] = field(default_factory=dict)  # by phase: start, load, quiesce, judge
    machine: Json = field(default_factory=dict)
    figures: Json = field(default_factory=dict)
    faults: list[Json] = field(default_factory=list)
    failpoints: dict[str, int] = field(default_factory=dict)
    recovery: Json = field(default_factory=dict)
    topics: Json = field(default_factory=dict)  # what the reader of the topics has seen
    verdicts: list[Verdict] = field(default_factory=list)
    scenes: list[SceneResult] = field(default_factory=list)
    interrupted: str = ""
    trouble: list[str] = field(default_factory=list)  # why the run proves nothing

    @property
    def violations(self) -> int:
        """How often any rule was broken."""
        return sum(len(verdict.violations) for verdict in self.verdicts)

    @property
    def passed(self) -> bool:
        """Nothing was violated, and something happened that could have violated it."""
        return not self.trouble and not self.violations and all(scene.passed for scene in self.scenes)


def nothing_happened(result: Result) -> list[str]:
    """Why a run under load proves nothing: no orders, or no faults."""
    reasons = []
    if not result.figures.get("orders_acknowledged"):
        reasons.append("no order was placed")
    if not result.faults:
        reasons.append("no fault struck")
    return reasons


def machine(database_url: str) -> Json:
    """What one must know to compare the figures."""
    with psycopg.connect(database_url) as connection:
        postgres = connection.info.parameter_status("server_version")
        fsync = connection.execute("SHOW fsync").fetchone()
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "postgresql": postgres,
        "fsync": fsync[0] if fsync else "",
        "load_average": [round(each, 2) for each in os.getloadavg()],
        "revision": _revision(),
    }


def _revision() -> str:
    """The commit, with a plus sign when files differ from it; empty outside a repository."""
    try:
        words = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
        found = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
