"""What is measured: servers and processes of its own, set up as production is, with limits that refuse nobody."""

import json
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from altis.devstack import keys, ports
from altis.devstack.config import Config, ServerSettings
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say
from altis.devstack.logfiles import LogFiles
from altis.devstack.process import Command
from altis.devstack.product import Product
from altis.devstack.stack import Services
from altis.devstack.state import open_state
from altis.devstack.supervisor import Supervisor
from altis.devstack.task import run_task
from altis.devstack.unit import Plan
from bench.speed.scale import Scale
from bench.torture.processes import children, command_line

_SERVERS = ("postgres", "valkey")
_WIDE = "1000000000/1:1000000"
SETTINGS = {
    "ALTIS_ENV": "production",
    "ALTIS_ALLOWED_HOSTS": ports.LOOPBACK,
    "ALTIS_SSL_REDIRECT": "false",  # TLS ends at the proxy; nobody stands there in a measurement
    "ALTIS_TRUSTED_PROXY_COUNT": "1",  # so that customers have addresses of their own
    "ALTIS_RATE_LIMITS": ",".join(f"{name}={_WIDE}" for name in ("search", "accept", "pay", "token", "default")),
    "ALTIS_OPEN_HOLDS": "customer=1000000,ip=1000000",
    # Nor does patience refuse anybody: a starved machine shall show in the latencies.
    "ALTIS_LOCK_TIMEOUT_MS": "20000",
    "ALTIS_STATEMENT_TIMEOUT_MS": "30000",
    "ALTIS_DB_ANSWER_SECONDS": "40",
    "ALTIS_ACCESS_TOKEN_SECONDS": "86400",
    "ALTIS_OFFER_TTL_SECONDS": "7200",  # what is prepared for one case must outlive the others
    "ALTIS_OFFER_TOMBSTONE_SECONDS": "60",
    "ALTIS_ORDER_HOLD_SECONDS": "86400",
    "ALTIS_SIMULATOR_LATENCY_MS": "0",
    "ALTIS_LOG_LEVEL": "INFO",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",  # the outbox is written; relaying it is not measured here
    "ALTIS_KAFKA_TIMEOUT_SECONDS": "1",
}
_SHARED_BUFFERS, _REDIS_MEMORY = "1GB", "4gb"
_WORLD = "world.json"


class Ground:
    """Belongs to the main thread. `start`, then `serve`; `stop` in the end, whatever happened."""

    def __init__(self, folder: Path, *, workers: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # the servers' account must pass through
        self.folder, self.workers = folder, workers
        self.port = ports.free_port()
        self.interrupt = Interrupt()
        self.database_url = self.redis_url = ""
        settings = ServerSettings(shared_buffers=_SHARED_BUFFERS, redis_maxmemory=_REDIS_MEMORY)
        self._config = Config(state_dir=folder, port=self.port, api_workers=workers, servers=settings)
        self._services = Services(open_state(folder), settings, self.interrupt)
        self._others: dict[str, Supervisor] = {}  # API and yardsticks come and go; the servers stay
        self._product: Product | None = None

    @property
    def product(self) -> Product:
        """The product's processes; raises RuntimeError before `start`."""
        if self._product is None:
            raise RuntimeError("the ground has not been started")
        return self._product

    @property
    def environment(self) -> dict[str, str]:
        """Of every process of the product."""
        return self.product.process_environment

    def start(self) -> None:
        """Servers and the payment simulator. Raises StackError or StopRequested; then call `stop`."""
        self.interrupt.install()
        self._services.take(self.port)
        secrets = keys.development_secrets(self._services.state.path / "secrets.json", {})
        urls = self._services.start(only=_SERVERS)
        self.database_url, self.redis_url = urls["DATABASE_URL"], urls["REDIS_URL"]
        folder = self._services.state.path
        self._product = Product(self._config, folder, {**secrets, **urls}, self._services.run, extra=SETTINGS)
        self._services.supervisor.bring_up(plan for plan in self.product.plans() if plan.name == "gateway")

    def prepare(self, scale: Scale) -> dict[str, Any]:
        """Tables, catalogue, users; what was made, for the cases. Called again it makes a season longer."""
        began = time.monotonic()
        command = self.product.manage("prepare")
        words = [command.argv[0], "-m", "bench.speed.prepare", *scale.words(), str(self.folder / _WORLD)]
        run_task("prepare", replace(command, argv=words), self.interrupt)
        say("prepare", f"{scale.days} days on {scale.routes} routes in {time.monotonic() - began:.1f} s")
        world: dict[str, Any] = json.loads((self.folder / _WORLD).read_bytes())
        return world

    def serve(self, *, workers: int | None = None, extra: Mapping[str, str] | None = None) -> None:
        """The API anew, with so many workers and with more variables."""
        self.end("api")
        config = replace(self._config, api_workers=workers or self.workers)
        given = {**self.environment, "ALTIS_API_WORKERS": str(config.api_workers), **(extra or {})}
        product = Product(config, self._services.state.path, {}, self._services.run, extra=given)
        self.bring_up("api", next(plan for plan in product.plans() if plan.name == "api"))

    def run_jobs(self) -> None:
        """Worker and beat, for the cases that need them."""
        for plan in self.product.plans():
            if plan.name in {"worker", "beat"}:
                self.bring_up(plan.name, plan)

    def bring_up(self, name: str, plan: Plan) -> None:
        """Start something that can be ended alone."""
        self._others[name] = Supervisor(self.interrupt, lambda: None)
        self._others[name].bring_up([plan])

    def end(self, name: str) -> None:
        """End it; nothing when it does not run."""
        if supervisor := self._others.pop(name, None):
            supervisor.stop()

    def python(self, words: list[str], *, log: str, extra: Mapping[str, str]) -> Command:
        """A Python process with the product's environment and more."""
        template = self.product.manage(log)
        return replace(template, argv=[sys.executable, *words], env={**self.environment, **extra})

    def pid(self, name: str) -> int | None:
        """The first process of a server, of the API, of a yardstick; None while it does not run."""
        supervisor = self._others.get(name, self._services.supervisor)
        try:
            found = supervisor.unit(name).identity
        except KeyError:
            return None
        return found.pid if found else None

    def api_workers(self) -> list[int]:
        """The numbers of the processes that serve requests."""
        pid = self.pid("api")
        helpers = ("resource_tracker", "forkserver")
        found = children(pid) if pid else []
        return [each.pid for each in found if not any(word in command_line(each.pid) for word in helpers)]

    def tidy(self) -> None:
        """Keep the logs small; raises StopRequested when somebody wants an end."""
        self.interrupt.check()
        LogFiles(self._services.state.path / "logs").trim()

    def stop(self) -> None:
        """Every process and the servers' data. Safe to call twice."""
        folders = [self._services.folder_of(name).parent for name in _SERVERS if self._services.has(name)]
        for name in list(self._others):
            self.end(name)
        self._services.stop()
        for data in folders:
            # They lie outside the folder when the servers' account may not enter it.
            shutil.rmtree(data if data.is_relative_to(self.folder) else data.parent, ignore_errors=True)
