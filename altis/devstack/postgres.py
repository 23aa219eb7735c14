"""PostgreSQL: made once with a password of its own, then started on that data for ever after."""

import contextlib
import re
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import ClassVar

from altis.devstack import binaries
from altis.devstack.account import give, give_tree
from altis.devstack.errors import StackError
from altis.devstack.log import say
from altis.devstack.ports import LOOPBACK
from altis.devstack.process import Command, end_orphan, identity
from altis.devstack.server import Server, Surroundings
from altis.devstack.state import write_private
from altis.devstack.task import run_task
from altis.devstack.unit import Plan

DATABASE = USER = "altis"
_PROBE_SECONDS = 2


class Postgres(Server):
    """The database server. Data, password and the marker of a finished initdb live and die together."""

    name: ClassVar[str] = "postgres"

    def __init__(self, around: Surroundings, preferred_port: int | None) -> None:
        super().__init__(around, preferred_port)
        self.data = self.folder / "data"
        self._marker = self.folder / "initdb.done"
        self._password_file = self.folder / "password"
        self._bin = binaries.program(binaries.POSTGRES, account=around.account, copies=around.copies).parent

    @property
    def url(self) -> str:
        """As Django and psql read it."""
        return f"postgresql://{USER}:{self._password_file.read_text()}@{LOOPBACK}:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        """Make the cluster when there is none, or only half of one. Raises StackError for another major version."""
        self.make_folder()
        if not self._marker.exists():
            self._make_cluster()
        if not self._password_file.exists():
            raise StackError(f"{self._password_file} is gone: put it back, or start afresh with `make reset`")
        found = (self.data / "PG_VERSION").read_text().strip()
        major = self._major()
        if found != major:
            raise StackError(
                f"the data in {self.data} are of PostgreSQL {found}, the program is {major}: "
                "dump them with the old version, or start afresh with `make reset`"
            )
        give_tree(self.folder, self.around.account)
        self._clear_stale_pid()

    def command(self) -> Command:
        """The postmaster on loopback TCP only: a socket's path could be too long, and nobody needs it."""
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "shared_buffers": self.around.settings.shared_buffers,
            "max_connections": "100",
            # A checkpoint makes each page that is touched first after it go whole into the WAL: right behind one,
            # ending an order writes 11.8 instead of 6.1 kB and costs a fifth more. So one by the clock, every quarter
            # of an hour, and hardly ever one by volume. The price: up to so much on disk, and to replay after a crash.
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # What a failing statement was about is personal data: neither its text nor the row goes into the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_parameter_max_length_on_error": "0",
        }
        if not self.around.settings.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._as_server([str(self._bin / "postgres"), "-D", str(self.data), *options])

    def probe(self) -> bool:
        """A real query in the database `altis`, which is created on the way when it is missing."""
        if self._query(DATABASE, "SELECT 1") == "1":
            return True
        if self._query("postgres", f"SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'") == "0":
            self._query("postgres", f"CREATE DATABASE {DATABASE}")
        return False

    def plan(self) -> Plan:
        """SIGINT is PostgreSQL's fast shutdown: clients are cut off, data are flushed."""
        return Plan(
            name=self.name,
            command=self.next_command,
            is_ready=self.is_ready,
            where=self.address,
            stop_signal=signal.SIGINT,
            stop_seconds=15,
            ready_seconds=120,  # crash recovery may have much to replay
        )

    def _make_cluster(self) -> None:
        if self.data.exists():
            say(self.name, "the data folder was left half-made: making it anew")
            shutil.rmtree(self.data)
        write_private(self._password_file, secrets.token_hex(24))
        give(self._password_file, self.around.account)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        if not self.around.settings.durable:
            options.append("--no-sync")
        argv = [str(self._bin / "initdb"), "-D", str(self.data), "-U", USER, f"--pwfile={self._password_file}"]
        run_task("initdb", self._as_server([*argv, *options]), self.around.interrupt)
        self._marker.touch()

    def _as_server(self, argv: list[str]) -> Command:
        return Command(
            argv=argv,
            log=self.log,
            cwd=self.folder,
            env=self.environment(),
            account=self.around.account,
            death_signal=signal.SIGINT,
        )

    def _major(self) -> str:
        text = subprocess.run([self._bin / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        match = re.search(r"(\d+)[.\s]", f"{text} ")
        return match[1] if match else ""

    def _query(self, database: str, sql: str) -> str:
        env = {
            **self.environment(),
            "PGPASSWORD": self._password_file.read_text(),
            "PGCONNECT_TIMEOUT": str(_PROBE_SECONDS),
        }
        target = ["-h", LOOPBACK, "-p", str(self.port), "-U", USER, "-d", database]
        try:
            done = subprocess.run(
                [self._bin / "psql", "-XAtq", *target, "-c", sql],
                env=env,
                capture_output=True,
                text=True,
                timeout=_PROBE_SECONDS + 8,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    def _clear_stale_pid(self) -> None:
        """Remove the lock of a killed server: PostgreSQL itself is fooled when the number has a new owner."""
        file = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(file.read_text().split()[0])
            owner = identity(pid)
            if owner is not None and _serves(pid, self.data):
                say(self.name, f"process {pid} of an earlier run still serves this data: stopping it")
                end_orphan(owner, signal.SIGINT, 10)
            file.unlink()
            say(self.name, "removed the stale postmaster.pid of a killed run")


def _serves(pid: int, data: Path) -> bool:
    try:
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
