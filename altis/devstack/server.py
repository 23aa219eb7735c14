"""What the three embedded servers have in common: a folder, an account, a port, a log."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from altis.devstack import ports
from altis.devstack.account import Account, give
from altis.devstack.config import ServerSettings
from altis.devstack.interrupt import Interrupt
from altis.devstack.process import RUN_MARK, Command
from altis.devstack.unit import Plan


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a server is given by the stack."""

    data: Path  # each server has a folder below it
    copies: Path  # of programs that the account cannot reach in place
    logs: Path
    account: Account | None
    settings: ServerSettings
    run: str
    interrupt: Interrupt


class Server(ABC):
    """An embedded server. `prepare` once, then `plan` for the watcher."""

    name: ClassVar[str]

    def __init__(self, around: Surroundings, preferred_port: int | None) -> None:
        self.around = around
        self.folder = around.data / self.name
        self.port = ports.free_port(preferred_port)
        self._answered = False

    @property
    @abstractmethod
    def url(self) -> str:
        """What clients are told."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the folder ready; may take a second the first time."""

    @abstractmethod
    def command(self) -> Command:
        """The process, on the present port."""

    @abstractmethod
    def probe(self) -> bool:
        """One real question, answered or not, within two seconds."""

    @abstractmethod
    def plan(self) -> Plan:
        """How the watcher runs it."""

    def next_command(self) -> Command:
        """The process for its next life. Until it has answered once it may move away from a taken port."""
        if not self._answered and not ports.is_free(self.port):
            self.port = ports.free_port()
        return self.command()

    def is_ready(self, _pid: int) -> bool:
        """Probe, and remember that the port is ours."""
        answer = self.probe()
        self._answered = self._answered or answer
        return answer

    def address(self) -> str:
        """For the log."""
        return f"on {ports.LOOPBACK}:{self.port}"

    def make_folder(self) -> None:
        """The server's own folder, for its account alone."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        give(self.folder, self.around.account)

    def environment(self) -> dict[str, str]:
        """A small one: the caller's variables (PGDATA, LC_ALL and the like) would change how servers behave."""
        path = os.environ.get("PATH", os.defpath)
        return {"PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC", RUN_MARK: self.around.run}

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.around.logs / f"{self.name}.log"
