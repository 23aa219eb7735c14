"""`make up`: services, migrations, seed, processes; then watch until somebody says stop."""

import os
import time
from collections.abc import Callable, Mapping

from altis.devstack import keys, ports
from altis.devstack.config import Config
from altis.devstack.errors import StackError, StopRequested
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say, write_line
from altis.devstack.logfiles import LogFiles
from altis.devstack.process import Command
from altis.devstack.product import Product
from altis.devstack.stack import Services
from altis.devstack.state import open_state
from altis.devstack.task import run_task

_ADMIN_EMAIL = "admin@altis.example"


class Stack:
    """The whole stack of one state folder, for `up` and for `demo`."""

    def __init__(self, config: Config, interrupt: Interrupt, environ: Mapping[str, str]) -> None:
        self.config = config
        self.services = Services(open_state(config.state_dir), config.servers, interrupt)
        self._interrupt = interrupt
        self._environ = environ
        self._logs = LogFiles(self.services.state.path / "logs")

    def start(self) -> None:
        """Everything up and answering. Raises StackError, AlreadyRunning, PortTaken or StopRequested."""
        services, config = self.services, self.config
        services.take(config.port)
        with ports.reserve(config.port, config.bind_host):
            secrets = keys.development_secrets(services.state.path / "secrets.json", self._environ)
            self._logs.trim()
            urls = services.start(config.given_urls)
            product = Product(config, services.state.path, {**secrets, **urls}, services.run)
            services.environment |= product.environment
            self._step("migrate", product.manage("migrate", "--no-input"))
            if self._environ.get("ANALYTICS_DATABASE_URL"):
                self._step("migrate", product.manage("migrate", "--no-input", "--database", "analytics"))
            self._step("seed", product.manage("seed"))
            services.supervisor.bring_up(product.plans())
        services.ready = True
        services.record()
        self._introduce(secrets["ALTIS_ADMIN_PASSWORD"])
        write_line(f"ready {config.url}")

    def watch(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Keep it up; raises StopRequested when a signal comes."""

        def look() -> bool:
            self._logs.trim_now_and_then()
            return is_over()

        self.services.supervisor.watch(look)

    def stop(self) -> None:
        """Leave no process behind. Others who look for this stack see at once that it is going."""
        if self.services.ready:
            self.services.ready = False
            self.services.record()
        self.services.stop()

    def _step(self, name: str, command: Command) -> None:
        started = time.monotonic()
        say(name, "begins")
        run_task(name, command, self._interrupt)
        say(name, f"done in {time.monotonic() - started:.1f} s")

    def _introduce(self, password: str) -> None:
        email = self._environ.get("ALTIS_ADMIN_EMAIL") or _ADMIN_EMAIL
        shown = "as set in ALTIS_ADMIN_PASSWORD" if self._environ.get("ALTIS_ADMIN_PASSWORD") else password
        say("admin", f"{self.config.url}/admin/  {email}  password {shown}")


def run_up(config: Config, interrupt: Interrupt, environ: Mapping[str, str] = os.environ) -> int:
    """Run the stack in the foreground until a signal comes; the exit code."""
    return run_stack(config, interrupt, environ, lambda stack: stack.watch())


def run_stack(config: Config, interrupt: Interrupt, environ: Mapping[str, str], use: Callable[[Stack], None]) -> int:
    """Start a stack, `use` it, stop it whatever happened; 0 unless there was a problem to report."""
    stack: Stack | None = None
    try:
        stack = Stack(config, interrupt, environ)
        stack.start()
        use(stack)
    except StopRequested as reason:
        say("stack", f"stopping ({reason})")
    except StackError as problem:
        say("stack", f"error: {problem}")
        return 1
    finally:
        if stack is not None:
            stack.stop()
    return 0
