"""One run: a rig is started, loaded, broken, healed, brought to rest and judged."""

import math
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from altis.devstack.errors import StackError, StopRequested
from bench.torture import history
from bench.torture.books import read_books
from bench.torture.customers.load import Load, LoadFailed
from bench.torture.figures import figures
from bench.torture.ground import Season
from bench.torture.judge import judge
from bench.torture.nemesis import Nemesis
from bench.torture.playing import play_all
from bench.torture.progress import Progress, Tally
from bench.torture.quiesce import quiesce
from bench.torture.result import Result, machine, nothing_happened
from bench.torture.rig import Rig
from bench.torture.rules.recovery import counted_from_healing, recovery
from bench.torture.scenes import Scene
from bench.torture.witnesses import CheckerSilent, Witnesses

_LOOK_SECONDS = 1.0
_JUMP_SLACK_SECONDS = 1.0  # a strike is noted a moment after it has begun, and waits for orders that are being changed
_DAYS, _ROUTES = 4, 10


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to run. `faults` None means every kind; an empty set means none, which proves nothing."""

    seed: int = 1
    minutes: float = 2.0
    customers: int = 10
    faults: frozenset[str] | None = None
    every: tuple[float, float] = (1.0, 4.0)  # seconds between faults
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    keep: Path  # where the logs and the histories of a run that failed go
    keep_always: bool = False


class Run:
    """The phases of one run. `result` is worth reading whatever happens."""

    def __init__(self, options: Options, progress: Progress) -> None:
        self.options, self.progress = options, progress
        began = datetime.now(UTC).isoformat(timespec="seconds")
        self.result = Result(seed=options.seed, minutes=options.minutes, began=began)
        self.folder = Path(tempfile.mkdtemp(prefix="altis-torture-"))
        self._healing_since = 0.0
        self.folder.chmod(0o711)  # the servers' account must pass through
        self._rig = Rig(self.folder / "rig", seed=options.seed, season=self._season())

    def go(self) -> Result:
        """All phases. Nothing is left running after this, and no exception comes out: it is told in the result."""
        try:
            self._stage()
        except StopRequested as reason:
            self.result.interrupted = str(reason)
            self.result.trouble.append(f"stopped ({reason}) before it was judged")
        except Exception as problem:
            expected = isinstance(problem, (StackError, LoadFailed, CheckerSilent))
            self.result.trouble.append(str(problem) if expected else traceback.format_exc())
        finally:
            self._rig.stop()
            self._tidy()
        return self.result

    def _stage(self) -> None:
        with self._phase("start"):
            self._rig.start()
        self.result.machine = machine(self._rig.database_url)
        witnesses = Witnesses(self._rig)
        try:
            if self.options.minutes:
                self._torture(witnesses)
            if self.options.scenes:
                self._play(witnesses)
        finally:
            witnesses.stop()

    def _torture(self, witnesses: Witnesses) -> None:
        load = Load(
            self._rig.api_url,
            self.folder / "load",
            self.options.seed,
            database_url=self._rig.database_url,
            customers=self.options.customers,
        )
        nemesis = Nemesis(self._rig, seed=self.options.seed, every=self.options.every, only=self.options.faults)
        began = math.inf
        try:
            with self._phase("customers"):
                load.start(self._rig.tick)
            began = time.monotonic()
            with self._phase("load"):
                self._break(load, nemesis)
        finally:
            try:
                load.stop()
            finally:
                self._count(load, nemesis)
        with self._phase("quiesce"):
            late = time.monotonic() - self._healing_since
            quiet = counted_from_healing(quiesce(self._rig, say=self.progress.say), late=late)
        self.result.recovery = asdict(quiet)
        self.result.verdicts = [recovery(quiet)]
        jumps = [
            (began + strike.at - _JUMP_SLACK_SECONDS, began + (strike.healed_at or math.inf))
            for strike in nemesis.strikes
            if "clock" in strike.fault
        ]
        with self._phase("judge"):
            calls, books = history.read(load.histories), read_books(self._rig.database_url)
            self.result.verdicts += judge(calls, books, jumps=jumps)
            self.result.verdicts.append(witnesses.events())
            self.result.topics = witnesses.figures()
            self.result.verdicts += witnesses.invariants()

    def _break(self, load: Load, nemesis: Nemesis) -> None:
        """Faults until the time is over, or until Ctrl-C, after which the rest is still done."""
        tally, total = Tally(load.histories), self.options.minutes * 60
        began, looked = time.monotonic(), 0.0

        def also() -> None:
            nonlocal looked
            nemesis.step()
            if time.monotonic() - looked >= _LOOK_SECONDS:
                looked = time.monotonic()
                load.check()
                tally.read()
                self.progress.now(_status(looked - began, total, tally, nemesis))

        try:
            self._rig.run_for(total, also)
        except StopRequested as reason:
            self.result.interrupted = str(reason)
            self.progress.say(f"interrupted ({reason}): healing and judging what there is; once more to give up")
            self._rig.interrupt.signal_name = None
        finally:
            self._healing_since = time.monotonic()
            load.dismiss()
            nemesis.heal_all()

    def _count(self, load: Load, nemesis: Nemesis) -> None:
        """What happened, also when it came to a bad end."""
        result = self.result
        result.figures = figures(history.read(load.histories), seconds=result.seconds.get("load", 0.0))
        result.faults = [asdict(strike) for strike in nemesis.strikes]
        result.failpoints = dict(Counter(f"{point} {do}" for point, do, _ in self._rig.failpoints.struck()))
        result.trouble += nothing_happened(result)

    def _play(self, witnesses: Witnesses) -> None:
        """The scenes judge themselves; afterwards every invariant is asked once more."""
        with self._phase("scenes"):
            self.result.scenes = play_all(self._rig, self.options.scenes, say=self.progress.say)
            quiesce(self._rig, say=self.progress.say)
            found = witnesses.invariants()
        self.result.verdicts += [replace(verdict, title=f"{verdict.title} (after the scenes)") for verdict in found]

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        self.progress.say(f"{name} ...")
        try:
            yield
        finally:
            self.result.seconds[name] = round(time.monotonic() - began, 1)

    def _season(self) -> Season:
        """Enough seats for the time under load."""
        return Season(days=_DAYS + ceil(self.options.minutes), routes=_ROUTES, seed=self.options.seed)

    def _tidy(self) -> None:
        if self.options.keep_always or not self.result.passed:
            without = shutil.ignore_patterns("services", "lock", "secrets.json", "stack.json")
            shutil.copytree(self.folder, self.options.keep, dirs_exist_ok=True, ignore=without)
        shutil.rmtree(self.folder, ignore_errors=True)


def _status(elapsed: float, total: float, tally: Tally, nemesis: Nemesis) -> str:
    broken = [strike.fault for strike in nemesis.strikes if strike.healed_at is None]
    return (
        f"{elapsed:.0f} of {total:.0f} s | {tally.line()} | {len(nemesis.strikes)} faults,"
        f" broken now: {', '.join(broken) or 'nothing'}"
    )
