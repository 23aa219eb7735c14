"""Real counterparts for the payment tests: the simulator in its own process, a webhook receiver, a raw server."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

API_KEY = "test-api-key"
SECRET = "test-webhook-secret"
ROOT = Path(__file__).resolve().parents[2]


def wait_until(look: Callable[[], Any], seconds: float = 10.0, *, pause: float = 0.01) -> Any:
    """Poll until the look is truthy; fails at the deadline."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "nothing happened before the deadline"
        time.sleep(pause)
    return seen


@dataclass
class Simulator:
    """The simulator as `python -m payments.simulator` runs it. `stop()` returns how long it took and the exit code."""

    ledger: Path
    environ: dict[str, str]
    port: int = 0
    process: subprocess.Popen[str] | None = None
    output: str = ""  # what it printed after its first line, known once it has stopped

    def start(self) -> "Simulator":
        """Start on a free port, or again on the port of the first start."""
        command = [sys.executable, "-m", "payments.simulator", "--port", str(self.port), "--ledger", str(self.ledger)]
        environ = {**os.environ, "ALTIS_SIMULATOR_API_KEY": API_KEY, "ALTIS_SIMULATOR_LATENCY_MS": "0", **self.environ}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        first_line = self.process.stdout.readline()
        self.port = int(first_line.split(" with ledger")[0].rpartition(":")[2])
        return self

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[float, int]:
        """Send the signal and wait."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(number)
        self.output = self.process.communicate(timeout=10)[0]
        return time.monotonic() - started, self.process.returncode

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def call(self, path: str, body: object = None, *, key: str = API_KEY) -> tuple[int, dict[str, Any]]:
        """POST the body, or GET when there is none; the status and the parsed answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        raw = None if body is None else json.dumps(body)
        try:
            connection.request("GET" if raw is None else "POST", path, raw, {"Authorization": f"Bearer {key}"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def intent(self, key: str = "pay_1", amount: str = "655.00") -> str:
        """A new intent's id."""
        return str(self.call("/intents", {"key": key, "amount": amount, "currency": "USD"})[1]["id"])

    def confirm(self, intent_id: str, token: object) -> tuple[int, dict[str, Any]]:
        """Confirm with a token."""
        return self.call(f"/intents/{intent_id}/confirm", {"token": token})

    def cancel(self, intent_id: str) -> tuple[int, dict[str, Any]]:
        """Fence."""
        return self.call(f"/intents/{intent_id}/cancel", {})

    def captured(self) -> list[str]:
        """The payment ids of all captures, oldest first."""
        return [row["payment_id"] for row in self.call("/ledger")[1]["captures"]]


@dataclass
class Receiver:
    """A webhook receiver that answers with the given statuses in turn, the last one for ever."""

    statuses: list[int]
    deliveries: list[tuple[str, bytes]] = field(default_factory=list)  # signature header, raw body

    def start(self, port: int = 0) -> "Receiver":
        """Listen on this port, or on a free one."""
        receiver = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.deliveries.append((self.headers["Altis-Signature"], body))
                status = receiver.statuses[min(len(receiver.deliveries), len(receiver.statuses)) - 1]
                self.send_response(status)
                self.send_header("Location", receiver.url)  # for the redirects among the statuses
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Door)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        """Where webhooks are to be sent."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1/webhooks/payments/simulator"

    def events(self) -> list[dict[str, Any]]:
        """The parsed bodies, in order of arrival."""
        return [json.loads(body) for _, body in self.deliveries]


@dataclass
class RawServer:
    """Accepts connections, reads one whole request, and lets `respond` do anything to the socket."""

    respond: Callable[[socket.socket], object]
    requests: list[bytes] = field(default_factory=list)

    def start(self) -> "RawServer":
        """Listen on a free port."""
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening; wakes the accepting thread first."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                with connection.makefile("rb") as request:
                    head = b"".join(iter(request.readline, b"\r\n"))
                    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                    self.requests.append(head + request.read(int(length[1]) if length else 0))
                self.respond(connection)
            except OSError:
                return  # the client hung up, which some tests want to see
