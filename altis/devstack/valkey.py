"""Valkey, which speaks Redis: with a password, an append-only file, and no eviction."""

import secrets
import signal
import socket
from typing import ClassVar

from altis.devstack import binaries
from altis.devstack.account import give, give_tree
from altis.devstack.ports import LOOPBACK
from altis.devstack.process import Command
from altis.devstack.server import Server, Surroundings
from altis.devstack.state import write_private
from altis.devstack.unit import Plan


class Valkey(Server):
    """The Redis-compatible store."""

    name: ClassVar[str] = "valkey"

    def __init__(self, around: Surroundings, preferred_port: int | None) -> None:
        super().__init__(around, preferred_port)
        self._program = binaries.program(binaries.VALKEY, account=around.account, copies=around.copies)
        self._password_file = self.folder / "password"
        self._config_file = self.folder / "valkey.conf"

    @property
    def url(self) -> str:
        """As redis-py reads it; database 0."""
        return f"redis://:{self._password_file.read_text()}@{LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        """The folder and a password that outlives restarts."""
        self.make_folder()
        if not self._password_file.exists():
            write_private(self._password_file, secrets.token_hex(24))
        give_tree(self.folder, self.around.account)

    def command(self) -> Command:
        """Configured by a file: a password on the command line could be read by every local user."""
        write_private(self._config_file, self._config())
        give(self._config_file, self.around.account)
        return Command(
            argv=[str(self._program), str(self._config_file)],
            log=self.log,
            cwd=self.folder,
            env=self.environment(),
            account=self.around.account,
            death_signal=signal.SIGTERM,
        )

    def probe(self) -> bool:
        """AUTH and PING; a server that is still loading its file says LOADING instead of PONG."""
        question = f"AUTH {self._password_file.read_text()}\r\nPING\r\n".encode()
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(question)
                reply = b""
                while reply.count(b"\r\n") < question.count(b"\r\n") and (part := connection.recv(1024)):
                    reply += part
        except OSError:
            return False
        return reply == b"+OK\r\n+PONG\r\n"

    def plan(self) -> Plan:
        """SIGTERM flushes the append-only file and leaves."""
        return Plan(
            name=self.name, command=self.next_command, is_ready=self.is_ready, where=self.address, ready_seconds=60
        )

    def _config(self) -> str:
        durable = self.around.settings.durable
        return "\n".join(
            [
                f"bind {LOOPBACK}",
                f"port {self.port}",
                f"requirepass {self._password_file.read_text()}",
                f'dir "{self.folder}"',
                "databases 64",
                'save ""',
                f"appendonly {'yes' if durable else 'no'}",
                "appendfsync everysec",
                "aof-load-truncated yes",
                # Else each rewrite of the file compresses all offers, in a child that takes the servers' time.
                "rdbcompression no",
                f"maxmemory {self.around.settings.redis_maxmemory}",
                "maxmemory-policy noeviction",
                "",
            ]
        )
