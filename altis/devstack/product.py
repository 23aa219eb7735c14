"""The product's own processes: API, workers, beat, outbox relay, event consumer, and the simulator gateway."""

import os
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from altis.devstack import ports
from altis.devstack.api_server import allowed_host, answers, server_words
from altis.devstack.config import PROJECT, Config
from altis.devstack.connections import is_connected
from altis.devstack.process import RUN_MARK, Command
from altis.devstack.unit import Plan

_MANAGE = "manage.py"
_PATIENCE_SECONDS = 20.0  # a server named by a socket's path leaves no connection to see


class Product:
    """Plans for the processes, all with one environment: the caller's, the services' URLs, the secrets."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        environment: Mapping[str, str],
        run: str,
        *,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        """`extra` wins over everything that is set here."""
        self._config = config
        self._folder = folder
        self._gateway_port = ports.free_port()
        self.environment = {
            "ALTIS_SIMULATOR_URL": self.gateway_url,
            **environment,
            "ALTIS_STATE_DIR": str(folder),
        }
        self._process_environment = {
            "ALTIS_ENV": "development",
            "ALTIS_PUBLIC_URL": config.url,
            "DJANGO_SETTINGS_MODULE": "altis.settings",
            **os.environ,
            **self.environment,
            "ALTIS_API_WORKERS": str(config.api_workers),
            "ALTIS_SIMULATOR_PORT": str(self._gateway_port),
            "ALTIS_SIMULATOR_LEDGER": str(self._sub_folder("gateway") / "ledger.sqlite3"),
            "ALTIS_SIMULATOR_WEBHOOK_URL": f"{self._local_url}/v1/webhooks/payments/simulator",
            "PYTHONUNBUFFERED": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(self._metrics_folder()),
            **(extra or {}),
            RUN_MARK: run,
        }

    @property
    def process_environment(self) -> dict[str, str]:
        """All variables of the processes."""
        return dict(self._process_environment)

    @property
    def gateway_url(self) -> str:
        """Where the simulator listens, whatever the processes are told."""
        return f"http://{ports.LOOPBACK}:{self._gateway_port}"

    def manage(self, *words: str) -> Command:
        """A management command as a step of the start-up."""
        return self._python([_MANAGE, *words], log=words[0])

    def plans(self) -> list[Plan]:
        """Everything in the order of starting; the API last, because its answer is the stack's."""
        # Payments wait for the gateway; a worker of their own keeps that away from the sweeps.
        workers = [
            self._worker("worker", queue="celery", concurrency=2),
            self._worker("settler", queue="payments", concurrency=1),
        ]
        return [self._gateway(), *workers, self._beat(), self._relay(), self._consumer(), self._api()]

    @property
    def _local_host(self) -> str:
        wildcard = self._config.bind_host in {ports.WILDCARD, "::", "localhost"}
        return ports.LOOPBACK if wildcard else self._config.bind_host

    @property
    def _local_url(self) -> str:
        """For callers on this machine: a certificate is issued to a name."""
        config = self._config
        return config.url if config.certificate else f"http://{self._local_host}:{config.port}"

    def _api(self) -> Plan:
        config = self._config
        place = config.bind_host, config.port
        argv = server_words(*place, config.api_workers, config.certificate, environ=self._process_environment)
        return Plan(
            name="api",
            command=lambda: self._python(argv, log="api", death_signal=signal.SIGTERM),
            is_ready=self._api_answers,
            where=lambda: f"on {config.bind_host}:{config.port}",
            stop_round=1,
            ready_seconds=90,
            first_lives=3,
        )

    def _api_answers(self, _pid: int) -> bool:
        config, named = self._config, allowed_host(self._process_environment)
        return answers(self._local_host, config.port, "/readyz", config.certificate, named=named)

    def _worker(self, name: str, *, queue: str, concurrency: int) -> Plan:
        options = ["--queues", queue, "--hostname", f"{name}@%h", "--concurrency", str(concurrency)]
        options += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        return self._silent(name, ["-m", "celery", "-A", "altis", "worker", *options], signal.SIGQUIT)

    def _beat(self) -> Plan:
        folder = self._sub_folder("beat")
        shutil.rmtree(folder)  # when it last ticked is worth nothing, and a file torn by a kill would stop it
        schedule = str(self._sub_folder("beat") / "schedule")
        argv = ["-m", "celery", "-A", "altis", "beat", "--loglevel", "WARNING", "-s", schedule, "--pidfile="]
        return self._silent("beat", argv, signal.SIGKILL)

    def _relay(self) -> Plan:
        return self._silent("relay", [_MANAGE, "relay_outbox"], signal.SIGKILL)

    def _consumer(self) -> Plan:
        return self._silent("consumer", [_MANAGE, "consume_events"], signal.SIGKILL)

    def _gateway(self) -> Plan:
        ledger = self._process_environment["ALTIS_SIMULATOR_LEDGER"]
        options = ["--host", ports.LOOPBACK, "--port", str(self._gateway_port), "--ledger", ledger]
        argv, certificate = ["-m", "payments.simulator", *options], self._config.certificate
        return Plan(
            name="gateway",
            # It reports to the API, whose certificate may be known to nobody else.
            command=lambda: self._python(argv, log="gateway", trust=certificate.trust() if certificate else {}),
            is_ready=lambda _pid: _listens(self._gateway_port),
            where=lambda: f"on {ports.LOOPBACK}:{self._gateway_port}",
            stop_round=2,
            stop_seconds=4,
        )

    def _silent(self, name: str, argv: list[str], death_signal: signal.Signals) -> Plan:
        """A process that answers no question: it has started when it is connected to one of its servers."""
        return Plan(
            name=name,
            command=lambda: self._python(argv, log=name, death_signal=death_signal),
            is_ready=is_connected,
            patience=_PATIENCE_SECONDS,
            ready_seconds=2 * _PATIENCE_SECONDS,
            stop_round=2,
            stop_seconds=5,
        )

    def _python(
        self,
        words: list[str],
        *,
        log: str,
        death_signal: signal.Signals = signal.SIGKILL,
        trust: Mapping[str, str] = MappingProxyType({}),
    ) -> Command:
        return Command(
            argv=[sys.executable, *words],
            log=self._sub_folder("logs") / f"{log}.log",
            cwd=PROJECT,
            env={**self._process_environment, **trust},
            death_signal=death_signal,
            umask=0o022,
        )

    def _metrics_folder(self) -> Path:
        """Where all processes keep their metrics, empty when the stack starts: what a dead one counted still counts."""
        shutil.rmtree(self._sub_folder("metrics"))
        return self._sub_folder("metrics")

    def _sub_folder(self, name: str) -> Path:
        made = self._folder / name
        made.mkdir(mode=0o700, exist_ok=True)
        return made


def _listens(port: int) -> bool:
    try:
        socket.create_connection((ports.LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
