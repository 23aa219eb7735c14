"""The facade: the embedded services of one state folder, started, found, stopped."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from altis.devstack.account import can_enter, server_account
from altis.devstack.broker import Broker
from altis.devstack.config import SERVICES, ServerSettings
from altis.devstack.interrupt import Interrupt
from altis.devstack.leftovers import clear_leftovers
from altis.devstack.log import say
from altis.devstack.postgres import Postgres
from altis.devstack.process import identity
from altis.devstack.server import Server, Surroundings
from altis.devstack.state import StateFolder, private_temporary, write_private
from altis.devstack.supervisor import Supervisor
from altis.devstack.unit import Plan
from altis.devstack.valkey import Valkey

_SERVERS: tuple[type[Server], ...] = (Postgres, Valkey, Broker)


class Services:
    """PostgreSQL, Valkey and the broker on one state folder. Use from the main thread only."""

    def __init__(
        self,
        state: StateFolder,
        settings: ServerSettings,
        interrupt: Interrupt | None = None,
        *,
        adapt: Callable[[Plan], Plan] = lambda plan: plan,
    ) -> None:
        """`adapt` may change how the servers are watched."""
        self.state = state
        self.run = secrets.token_hex(8)
        self.port: int | None = None  # of the API, for the record
        self.ready = False
        self.environment: dict[str, str] = {}  # for children, and for other commands that look for this stack
        self.supervisor = Supervisor(interrupt or Interrupt(), self.record)
        self._settings = settings
        self._adapt = adapt
        self._servers: dict[str, Server] = {}
        self._last_ports: dict[str, int] = {}
        self._elsewhere: Path | None = None  # where the data lie, when not in the state folder

    def take(self, port: int) -> None:
        """Lock the folder and clear up after a killed run; raises AlreadyRunning."""
        self.state.take(port)
        self.port = port
        last = self.state.read()
        self._last_ports = last.get("ports", {})
        clear_leftovers(last)

    def start(self, given: Mapping[str, str] | None = None, only: Iterable[str] = SERVICES) -> dict[str, str]:
        """Start the services of `only` whose URL is not `given`, side by side; returns every URL by its variable.

        Raises StackError when one does not start, StopRequested when a signal comes.
        """
        given = given or {}
        around = self._surroundings()
        self.record()  # before the first process: a run killed from here on can be cleared up after
        wanted = [kind for kind in _SERVERS if kind.name in only and SERVICES[kind.name] not in given]
        self._servers = {kind.name: kind(around, self._last_ports.get(kind.name)) for kind in wanted}
        for server in self._servers.values():
            server.prepare()
        self.supervisor.bring_up([self._adapt(server.plan()) for server in self._servers.values()])
        self.environment |= {**given, **self.urls()}
        self.record()
        return {**given, **self.urls()}

    def urls(self) -> dict[str, str]:
        """The URLs of the embedded services, by variable."""
        return {SERVICES[name]: server.url for name, server in self._servers.items()}

    def has(self, name: str) -> bool:
        """Whether this server was started here."""
        return name in self._servers

    def folder_of(self, name: str) -> Path:
        """Where the data of a started server lie."""
        return self._servers[name].folder

    def stop(self) -> None:
        """Stop everything that was brought up and free the folder. Safe to call twice."""
        self.supervisor.stop()
        if self._elsewhere is not None and not self._settings.durable:
            shutil.rmtree(self._elsewhere, ignore_errors=True)
        if self.port is not None:
            self.state.write({"ports": self._ports()})
            self.port = None
        self.state.release()

    def record(self) -> None:
        """Write down who runs, so that other commands find it and a later run can clear up after it."""
        me = identity(os.getpid())
        content: dict[str, Any] = {
            "supervisor": {"pid": me.pid, "started": me.started} if me else {},
            "run": self.run,
            "port": self.port,
            "ready": self.ready,
            "ports": self._ports(),
            "environment": self.environment,
            "processes": self.supervisor.processes(),
        }
        self.state.write(content)

    def _ports(self) -> dict[str, int]:
        return self._last_ports | {name: server.port for name, server in self._servers.items()}

    def _surroundings(self) -> Surroundings:
        account = server_account()
        data = self.state.path / "services"
        if not can_enter(self.state.path, account):
            data = self._data_elsewhere()
        data.mkdir(mode=0o711, exist_ok=True)
        data.chmod(0o711)
        return Surroundings(
            data=data,
            copies=data / "programs",
            logs=self.state.folder("logs"),
            account=account,
            settings=self._settings,
            run=self.run,
            interrupt=self.supervisor.interrupt,
        )

    def _data_elsewhere(self) -> Path:
        """A place for the servers' data that `nobody` can reach, emptied when the state folder was deleted."""
        home = self._elsewhere = private_temporary(self.state.path)
        say("state", f"the servers run as `nobody`, who cannot reach {self.state.path}: their data go to {home}")
        data, owner = home / "services", home / "owner"
        if data.exists() and (not owner.exists() or owner.read_text() != self.state.identifier()):
            say("state", f"the state folder that the data in {data} belonged to is gone: starting afresh")
            shutil.rmtree(data)
        write_private(owner, self.state.identifier())
        return data
