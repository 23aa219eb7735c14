"""The Kafka-compatible broker (Tansu). It keeps its log in memory: after a restart it is empty."""

import signal
import socket
import struct
from typing import ClassVar

from altis.devstack import binaries
from altis.devstack.ports import LOOPBACK
from altis.devstack.process import Command
from altis.devstack.server import Server, Surroundings
from altis.devstack.unit import Plan

# Kafka's ApiVersions request, version 0: key 18, version 0, correlation id, client id (length and text).
_CORRELATION = 0x616C7469
_HEAD_BYTES = 8  # of the answer: its length and the correlation id
_QUESTION = struct.pack(">hhih", 18, 0, _CORRELATION, 5) + b"altis"


class Broker(Server):
    """The broker process. Its address space is limited: when that is used up it dies and comes back empty."""

    name: ClassVar[str] = "broker"

    def __init__(self, around: Surroundings, preferred_port: int | None) -> None:
        super().__init__(around, preferred_port)
        self._program = binaries.program(binaries.BROKER, account=around.account, copies=around.copies)

    @property
    def url(self) -> str:
        """As Kafka clients read it."""
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Nothing is kept; the folder is only a place to stand."""
        self.make_folder()

    def command(self) -> Command:
        """Clients are told the address it listens on, unless the settings name a detour."""
        address = f"tcp://{LOOPBACK}:{self.port}"
        advertised = self.around.settings.kafka_advertised
        options = [
            "--listener-url",
            address,
            "--advertised-listener-url",
            f"tcp://{advertised}" if advertised else address,
            "--storage-engine",
            "memory://altis/",
        ]
        return Command(
            argv=[str(self._program), "broker", *options],
            log=self.log,
            cwd=self.folder,
            env=self.environment(),
            account=self.around.account,
            memory_bytes=self.around.settings.kafka_max_memory,
        )

    def probe(self) -> bool:
        """Ask for the supported versions, as every Kafka client does first; any answer to that number counts."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(struct.pack(">i", len(_QUESTION)) + _QUESTION)
                reply = b""
                while len(reply) < _HEAD_BYTES and (part := connection.recv(_HEAD_BYTES - len(reply))):
                    reply += part
        except OSError:
            return False
        return len(reply) == _HEAD_BYTES and struct.unpack(">ii", reply)[1] == _CORRELATION

    def plan(self) -> Plan:
        """SIGINT: on SIGTERM it would wait five seconds for its clients."""
        return Plan(
            name=self.name,
            command=self.next_command,
            is_ready=self.is_ready,
            where=self.address,
            stop_signal=signal.SIGINT,
            stop_seconds=3,
        )
