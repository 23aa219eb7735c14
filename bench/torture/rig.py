"""A whole Altis to be broken: real processes on real servers, each link between them through a proxy."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from altis.devstack.config import PROJECT
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import divert
from altis.devstack.process import carriers
from altis.devstack.unit import Phase
from bench.torture import clock
from bench.torture.failpoints import Failpoints
from bench.torture.ground import Ground, Season
from bench.torture.processes import Freezer, children, command_line, send

_TICK_SECONDS = 0.05
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Rig:
    """Belongs to the main thread. A stop signal comes out of `tick`, `run_for` and `wait_for` as StopRequested."""

    def __init__(
        self,
        folder: Path,
        *,
        seed: int,
        api_workers: int = 2,
        environment: Mapping[str, str] | None = None,
        season: Season | None = None,
    ) -> None:
        """`environment` is added to that of every process of the product. Nothing is started yet."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # the servers' account must pass through
        self.folder, self.seed, self.worker_count = folder, seed, api_workers
        self.interrupt = Interrupt()
        self.freezer = Freezer()
        self.failpoints = Failpoints(folder / "failpoints.json", seed=seed)
        extra = {"ALTIS_FAILPOINTS_FILE": str(self.failpoints.file), **(environment or {})}
        self.ground = Ground(folder, self.interrupt, api_workers=api_workers, extra=extra, seed=seed)
        self.proxies, self.webhooks = self.ground.proxies, self.ground.webhooks
        self._season = season or Season(seed=seed)
        self._handlers: dict[signal.Signals, Any] = {}
        self._log = (folder / "rig.log").open("a")

    def start(self) -> None:
        """Bring everything up, about half a minute. Raises StackError or StopRequested; then call `stop`."""
        self._handlers = {number: signal.getsignal(number) for number in _SIGNALS}
        self.interrupt.install()
        self.ground.start(self._season)
        self.environment = self.ground.environment
        self.api_url, self.gateway_url = self.ground.api_url, self.ground.gateway_url
        self.gateway_key = self.environment["ALTIS_SIMULATOR_API_KEY"]
        self.database_url, self.redis_url = self.environment["DATABASE_URL"], self.environment["REDIS_URL"]
        self.kafka = self.environment["KAFKA_BOOTSTRAP_SERVERS"]
        divert(self._note)  # from here on deaths and restarts are the programme, not news

    def tick(self) -> None:
        """Start again what has died."""
        self.interrupt.check()
        self.ground.supervisor.tick()

    def run_for(self, seconds: float, also: Callable[[], object] = lambda: None) -> None:
        """Keep everything up for so long, calling `also` about 20 times a second."""
        self.wait_for(lambda: bool(also()) and False, seconds)

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Keep everything up until the condition holds; False when the time is over first."""
        end = self.ground.now() + seconds
        while True:
            self.tick()
            if condition():
                return True
            if self.ground.now() >= end:
                return False
            self.interrupt.pause(min(_TICK_SECONDS, max(0.0, end - self.ground.now())))

    def stop(self) -> None:
        """Leave no process and no data behind; the logs stay in the folder. Safe to call twice, and at any time."""
        divert(None)
        self.freezer.thaw_all()
        self.failpoints.disarm()
        try:
            self.ground.stop()
        finally:
            for left in list(carriers(self.ground.services.run)):
                send(left, signal.SIGKILL)
            for number, handler in self._handlers.items():
                signal.signal(number, handler)
            self._handlers = {}
            self._log.close()

    def heal(self) -> None:
        """End every fault that is known to the rig itself: what is frozen, held, armed, or in a proxy."""
        self.freezer.thaw_all()
        self.failpoints.disarm()
        for proxy in self.proxies.values():
            proxy.heal()
        self.webhooks.heal()
        for name in self.ground.names():
            if name not in self.ground.spares:
                self.release(name)
        for name in self.ground.spares:
            self.hold(name)

    def manage(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a management command past the proxies and without failpoints. Nothing is supervised meanwhile."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def pid(self, name: str) -> int | None:
        """The number of a unit's process; None while it is down, and for a unit that this stack does not have."""
        with contextlib.suppress(KeyError):
            found = self.ground.supervisor.unit(name).identity
            return found.pid if found else None
        return None

    def is_up(self, name: str) -> bool:
        """Whether the unit's present process has answered."""
        return self.ground.supervisor.unit(name).phase is Phase.UP

    def api_workers(self) -> list[int]:
        """The numbers of the processes that serve requests."""
        found = children(self.pid("api") or -1)
        helpers = ("resource_tracker", "forkserver")
        return [child.pid for child in found if not any(word in command_line(child.pid) for word in helpers)]

    def backends(self) -> list[int]:
        """The numbers of PostgreSQL's processes that serve a client each."""
        found = children(self.pid("postgres") or -1)
        return [child.pid for child in found if "127.0.0.1(" in command_line(child.pid)]

    def kill(self, name: str) -> None:
        """kill -9; it is started again by `tick`."""
        if found := self.ground.supervisor.unit(name).identity:
            send(found, signal.SIGKILL)

    def freeze(self, name: str) -> None:
        """Stop a unit's process and all below it in the middle of whatever they do."""
        if pid := self.pid(name):
            self.freezer.freeze(name, pid)

    def thaw(self, name: str) -> None:
        """Let them go on."""
        self.freezer.thaw(name)

    def hold(self, name: str) -> None:
        """kill -9, and keep it down until `release`."""
        self.ground.supervisor.unit(name).hold()

    def release(self, name: str) -> None:
        """Start it again."""
        self.ground.supervisor.unit(name).release()

    def set_clock(self, seconds: float) -> None:
        """Let so much time have passed for every deadline (0: as it is). Raises psycopg.Error when that fails."""
        clock.set_clock(self.database_url, seconds)

    def _note(self, line: str) -> None:
        self._log.write(line)
        self._log.flush()
