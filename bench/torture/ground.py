"""What stands under a rig: servers, proxies, the product's processes, and the small season that they sell."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from altis.devstack import keys, ports
from altis.devstack.config import Config, ServerSettings
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say
from altis.devstack.process import Command
from altis.devstack.product import Product
from altis.devstack.stack import Services
from altis.devstack.state import open_state
from altis.devstack.supervisor import Supervisor
from altis.devstack.task import run_task
from altis.devstack.unit import Plan
from bench.torture.proxy import LOOPBACK, Proxy, ProxyLoop
from bench.torture.watching import for_torture
from bench.torture.webhooks import WebhookLine

_SERVERS = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL", "broker": "KAFKA_BOOTSTRAP_SERVERS"}
_TWINS = {"beat2": "beat", "relay2": "relay"}
# Short patience everywhere, so that minutes of a run hold what takes hours elsewhere.
_SETTINGS = {
    "ALTIS_ENV": "test",
    "ALTIS_RATE_LIMITS": "off",
    "ALTIS_OPEN_HOLDS": "off",
    "ALTIS_GATEWAY_TIMEOUT_SECONDS": "2",
    "ALTIS_PAYMENT_DEADLINE_SECONDS": "10",
    "ALTIS_SIMULATOR_WITHHOLD_SECONDS": "4",
    "ALTIS_SIMULATOR_PENDING_SECONDS": "1",
    "ALTIS_LOG_LEVEL": "WARNING",
}


def _in_ten_days() -> date:
    return datetime.now(UTC).date() + timedelta(days=10)  # no jump of the clock reaches their sales cut-off


@dataclass(frozen=True, kw_only=True)
class Season:
    """The flights that are seeded."""

    days: int = 3
    routes: int = 6
    seed: int = 1
    start: date = field(default_factory=_in_ten_days)

    def words(self) -> list[str]:
        """For `bench.torture.prepare`."""
        return [str(self.days), str(self.routes), str(self.seed), self.start.isoformat()]


class Ground:
    """Started and stopped by the rig."""

    now = staticmethod(time.monotonic)

    def __init__(
        self, folder: Path, interrupt: Interrupt, *, api_workers: int, extra: Mapping[str, str], seed: int
    ) -> None:
        self._extra, self._interrupt = extra, interrupt
        self._loop = ProxyLoop()
        self._api_port = ports.free_port()
        self.api_url = f"http://{LOOPBACK}:{self._api_port}"
        self.proxies = {
            name: Proxy(name, self._loop, ports.free_port(), follows_commits=name == "postgres")
            for name in (*_SERVERS, "gateway")
        }
        api = (LOOPBACK, self._api_port)
        self.webhooks = WebhookLine(self._loop, ports.free_port(), upstream=api, seed=seed)
        servers = ServerSettings(kafka_advertised=self.proxies["broker"].address)
        self._config = Config(state_dir=folder, port=self._api_port, api_workers=api_workers, servers=servers)
        self.services = Services(open_state(folder), servers, interrupt, adapt=for_torture)
        self.environment: dict[str, str] = {}  # for commands: past the proxies, without failpoints
        self.gateway_url = ""
        self.spares: tuple[str, ...] = ()

    @property
    def supervisor(self) -> Supervisor:
        """Whoever starts and restarts."""
        return self.services.supervisor

    def names(self) -> list[str]:
        """Every unit."""
        return [unit.plan.name for unit in self.supervisor.units()]

    def start(self, season: Season) -> None:
        """Servers, data, processes. Raises StackError or StopRequested."""
        self.services.take(self._api_port)
        secrets = keys.development_secrets(self.services.state.path / "secrets.json", {})
        direct = self.services.start()
        for name, variable in _SERVERS.items():
            self.proxies[name].upstream = _place(direct[variable])
        product = self._product(secrets, direct)
        self.gateway_url = product.gateway_url
        self.proxies["gateway"].upstream = _place(product.gateway_url)
        self.environment = {
            **{name: value for name, value in product.process_environment.items() if name != "ALTIS_FAILPOINTS_FILE"},
            **direct,
            "ALTIS_SIMULATOR_URL": product.gateway_url,
        }
        self._prepare(product, season)
        self._bring_up(product)

    def stop(self) -> None:
        """Everything, and the servers' data."""
        folders = {self.services.folder_of(name).parent for name in _SERVERS if self.services.has(name)}
        try:
            self.services.stop()
        finally:
            self._loop.stop()
            for data in folders:
                # They lie outside the folder when the servers' account may not enter it.
                shutil.rmtree(data if data.is_relative_to(self._config.state_dir) else data.parent, ignore_errors=True)

    def _product(self, secrets: Mapping[str, str], direct: Mapping[str, str]) -> Product:
        proxied = {
            variable: _through(direct[variable], self.proxies[name].address) for name, variable in _SERVERS.items()
        }
        proxied["ALTIS_SIMULATOR_URL"] = f"http://{self.proxies['gateway'].address}"
        hook = f"http://{LOOPBACK}:{self.webhooks.port}/v1/webhooks/payments/simulator"
        extra = {**_SETTINGS, "ALTIS_SIMULATOR_WEBHOOK_URL": hook, **self._extra}
        folder = self.services.state.path
        return Product(self._config, folder, {**secrets, **proxied}, self.services.run, extra=extra)

    def _prepare(self, product: Product, season: Season) -> None:
        began = time.monotonic()
        command = product.manage("prepare")
        words = [command.argv[0], "-m", "bench.torture.prepare", *season.words()]
        run_task("prepare", replace(command, argv=words, env={**self.environment}), self._interrupt)
        say("prepare", f"migrated and seeded in {time.monotonic() - began:.1f} s")

    def _bring_up(self, product: Product) -> None:
        plans = {plan.name: for_torture(plan) for plan in product.plans()}
        self.supervisor.bring_up(plans.values())
        for name, original in _TWINS.items():
            self.supervisor.add_held(_twin(plans[original], name))
        self.spares = tuple(_TWINS)


def _twin(plan: Plan, name: str) -> Plan:
    """A second one of the same kind, with a log and a schedule of its own."""

    def command() -> Command:
        first = plan.command()
        argv = list(first.argv)
        if "-s" in argv:
            argv[argv.index("-s") + 1] += "2"
        return replace(first, argv=argv, log=first.log.with_name(f"{name}.log"))

    return replace(plan, name=name, command=command)


def _place(url: str) -> tuple[str, int]:
    host, _, port = (urlsplit(url).netloc or url).rpartition("@")[2].rpartition(":")
    return host, int(port)


def _through(url: str, address: str) -> str:
    host, port = _place(url)
    return url.replace(f"{host}:{port}", address)
