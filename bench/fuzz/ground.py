"""What is fuzzed: a stack of its own, of real processes on free ports, with flights to sell and without limits."""

import shutil
import time
from pathlib import Path

from altis.devstack import keys, ports
from altis.devstack.config import Config, ServerSettings
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say
from altis.devstack.product import Product
from altis.devstack.stack import Services
from altis.devstack.state import open_state
from altis.devstack.task import run_task

_SERVERS = ("postgres", "valkey")
_PROCESSES = ("gateway", "worker", "settler", "api")  # no broker, so neither relay nor consumer
_SETTINGS = {
    "ALTIS_ENV": "test",
    "ALTIS_RATE_LIMITS": "off",
    "ALTIS_OPEN_HOLDS": "off",
    "ALTIS_GATEWAY_TIMEOUT_SECONDS": "2",
    "ALTIS_SIMULATOR_WITHHOLD_SECONDS": "4",
    "ALTIS_SIMULATOR_PENDING_SECONDS": "1",
    "ALTIS_LOGIN_FAILURES": "off",
    "ALTIS_LOG_LEVEL": "WARNING",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",
    "ALTIS_KAFKA_TIMEOUT_SECONDS": "1",
}
_DAYS, _ROUTES = "30", "6"


class Ground:
    """Belongs to the main thread; `url` is known from the beginning."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # the servers' account must pass through
        port = ports.free_port()
        self.url = f"http://{ports.LOOPBACK}:{port}"
        self.interrupt = Interrupt()
        self._config = Config(state_dir=folder, port=port, api_workers=2, servers=ServerSettings(durable=False))
        self.mails = folder / "mails"
        self.mails.mkdir()
        self._services = Services(open_state(folder), self._config.servers, self.interrupt)

    def start(self) -> None:
        """Servers, tables, flights, processes. Raises StackError or StopRequested; then call `stop`."""
        self.interrupt.install()
        self._services.take(self._config.port)
        folder = self._services.state.path
        secrets = keys.development_secrets(folder / "secrets.json", {})
        urls = self._services.start(only=_SERVERS)
        self.database_url, self.webhook_secret = urls["DATABASE_URL"], secrets["ALTIS_WEBHOOK_SECRETS"].split(",")[0]
        extra = {**_SETTINGS, "ALTIS_EMAIL_URL": f"filemail:///{self.mails}"}
        product = Product(self._config, folder, {**secrets, **urls}, self._services.run, extra=extra)
        self._prepare(product)
        plans = [plan for plan in product.plans() if plan.name in _PROCESSES]
        self._services.supervisor.bring_up(plans)

    def tick(self) -> None:
        """Start again what has died; raises StopRequested."""
        self.interrupt.check()
        self._services.supervisor.tick()

    def stop(self) -> None:
        """Every process and the servers' data. Safe to call twice."""
        folders = [self._services.folder_of(name).parent for name in _SERVERS if self._services.has(name)]
        self._services.stop()
        for data in folders:
            # They lie outside the folder when the servers' account may not enter it.
            inside = data.is_relative_to(self._config.state_dir)
            shutil.rmtree(data if inside else data.parent, ignore_errors=True)

    def _prepare(self, product: Product) -> None:
        began = time.monotonic()
        for words in (
            ["migrate", "--no-input"],
            ["seed_flights", "--days", _DAYS, "--routes", _ROUTES, "--seed", "1"],
        ):
            run_task(words[0], product.manage(*words), self.interrupt)
        say("prepare", f"migrated and seeded in {time.monotonic() - began:.1f} s")
