"""Rounds of Schemathesis against one stack, until there were enough requests: each with a seed of its own."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from altis.devstack.config import PROJECT
from altis.devstack.log import say
from bench.fuzz.ground import Ground
from bench.torture.market import survey

CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
_TICK_SECONDS = 0.2
_NEWS_SECONDS = 15.0
# An example of each operation makes so many requests, by measurement: more examples than this make a round too long.
_REQUESTS_PER_EXAMPLE = 30
_FEWEST_EXAMPLES, _MOST_EXAMPLES = 3, 150
_ALL = ("examples", "coverage", "fuzzing", "stateful")
_SEEDED = ("fuzzing", "stateful")  # the others make the same requests in every round
_QUIET_LINES = 400


def command(
    url: str, *, seed: int, examples: int, phases: tuple[str, ...], configuration: Path = CONFIGURATION
) -> list[str]:
    """One round of Schemathesis against the document at `url`; it ends with 1 for a failure or a warning."""
    words = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration), "run", url]
    return [*words, "--seed", str(seed), "--phases", ",".join(phases), "--max-examples", str(examples)]


@dataclass
class Tallied:
    """The requests that one round has made so far."""

    statuses: dict[str, dict[str, int]]  # by operation
    phases: dict[str, int]

    @classmethod
    def read(cls, file: Path) -> "Tallied":
        """Nothing yet is no requests."""
        return cls(**json.loads(file.read_text())) if file.exists() else cls({}, {})


@dataclass
class Result:
    """What the rounds have done so far."""

    statuses: dict[str, Counter[str]] = field(default_factory=dict)  # by operation
    phases: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    failed: list[str] = field(default_factory=list)  # the reports of the rounds that found something

    @property
    def requests(self) -> int:
        """Requests that were judged; those that prepare others are not counted."""
        return sum(self.phases.values())

    def add(self, told: Tallied) -> None:
        """Another round's figures."""
        for operation, counts in told.statuses.items():
            self.statuses.setdefault(operation, Counter()).update(counts)
        self.phases.update(told.phases)
        self.rounds += 1


class Run:
    """Start the ground first; it is the caller's to stop."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground, self.folder, self.result = ground, folder, Result()

    def go(self, *, requests: int, seed: int, short: bool) -> Result:
        """At least so many requests, or those of one small round; ends with the first round that finds something."""
        survey(self.ground.database_url).write(self.folder / "market.json")
        while not self.result.failed:
            left = requests - self.result.requests
            if left <= 0 and self.result.rounds:
                break
            first = not self.result.rounds
            examples = max(_FEWEST_EXAMPLES, min(_MOST_EXAMPLES, left // _REQUESTS_PER_EXAMPLE))
            phases = _SEEDED if short or not first else _ALL
            self._round(seed=seed + self.result.rounds, examples=examples, phases=phases)
        return self.result

    def _round(self, *, seed: int, examples: int, phases: tuple[str, ...]) -> None:
        tally, report = self.folder / "tally.json", self.folder / f"round-{seed}.log"
        tally.unlink(missing_ok=True)
        words = command(f"{self.ground.url}/v1/openapi.json", seed=seed, examples=examples, phases=phases)
        say("fuzz", f"seed {seed}: {examples} examples of each operation in {', '.join(phases)}")
        with report.open("w") as out:
            child = subprocess.Popen(
                words,
                cwd=PROJECT,
                env={**os.environ, **self._environment(seed)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
            try:
                self._watch(child, tally)
            finally:
                if child.poll() is None:
                    child.kill()
                    child.wait()
        told = Tallied.read(tally)
        self.result.add(told)
        if child.returncode != 0 or not told.phases:
            self.result.failed.append(_findings(report))

    def _watch(self, child: "subprocess.Popen[bytes]", tally: Path) -> None:
        told = time.monotonic()
        while child.poll() is None:
            self.ground.tick()
            self.ground.interrupt.pause(_TICK_SECONDS)
            if time.monotonic() - told > _NEWS_SECONDS:
                told = time.monotonic()
                done = sum(Tallied.read(tally).phases.values())
                say("fuzz", f"{self.result.requests + done} requests")

    def _environment(self, seed: int) -> dict[str, str]:
        return {
            "PYTHONPATH": str(PROJECT),
            "ALTIS_FUZZ_FOLDER": str(self.folder),
            "ALTIS_FUZZ_URL": self.ground.url,
            "ALTIS_FUZZ_SEED": str(seed),
            "ALTIS_FUZZ_WEBHOOK_SECRET": self.ground.webhook_secret,
        }


def _findings(report: Path) -> str:
    lines = report.read_text(errors="replace").splitlines()
    titles = ("= FAILURES =", "= ERRORS =", "= WARNINGS =")
    starts = [index for index, line in enumerate(lines) if any(title in line for title in titles)]
    return "\n".join(lines[min(starts, default=0) :][:_QUIET_LINES])
