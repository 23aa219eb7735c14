"""The simulator's HTTP doors: JSON in, JSON out, keep-alive, one thread per connection."""

import hmac
import json
import logging
import re
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from payments.simulator.bank import Bank, Refused
from payments.simulator.config import Config
from payments.simulator.ledger import Ledger
from payments.simulator.reports import Cursor, ledger_page, ledger_report
from payments.simulator.workers import Bell

LOG = logging.getLogger(__name__)
MAX_BODY_BYTES: Final = 64 * 1024
IDLE_SECONDS: Final = 65.0  # longer than clients keep idle connections, so that they are the ones to close
TEXT: Final = re.compile(r"[\x20-\x7e]{1,255}")
AMOUNT: Final = re.compile(r"(?=.*[1-9])[0-9]{1,12}(\.[0-9]{1,4})?")
CURRENCY: Final = re.compile(r"[A-Z]{3}")
INTENT_PATH: Final = re.compile(r"/intents/(?P<intent_id>[a-z0-9_]{1,64})(?P<verb>|/confirm|/cancel|/refunds)")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """What a request needs: shared by all threads."""

    config: Config
    ledger: Ledger
    bank: Bank
    bell: Bell


class Server(ThreadingHTTPServer):
    """Listens on one address; its threads never keep the process alive."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], office: Office) -> None:
        """Bind and listen; port 0 takes a free one."""
        super().__init__(address, Handler)
        self.office = office

    def server_bind(self) -> None:
        """Bind without the reverse name look-up of HTTPServer, which can hang for seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "simulator", int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """One line instead of a traceback; nothing for callers that went away, and nothing while stopping."""
        error = sys.exc_info()[1]
        if not self.office.bell.stopped and not isinstance(error, OSError):
            LOG.error("%s: %s", type(error).__name__, error)


class Handler(BaseHTTPRequestHandler):
    """Parses a request, calls the bank, writes the answer."""

    protocol_version = "HTTP/1.1"
    server_version = "AltisSimulator"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    wbufsize = -1  # head and body leave in one packet
    server: Server

    def do_GET(self) -> None:
        """Reads."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Everything that changes something."""
        self._answer(self._post)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: no line per request."""

    def _answer(self, door: Callable[[Json], Json]) -> None:
        status, reply = 200, Json()
        try:
            body = self._body()
            if self.path == "/healthz":
                reply = {"status": "ok"}
            else:
                self._authenticate()
                self.server.office.bell.wait_for_stop(self.server.office.config.latency_seconds)
                reply = door(body)
        except Refused as refusal:
            status, reply = refusal.status, {"error": refusal.code}
            if refusal.intent is not None:
                reply["intent"] = intent_out(refusal.intent)
        self._send(status, json.dumps(reply).encode())

    def _send(self, status: int, payload: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(payload)

    def _body(self) -> Json:
        """The JSON object of the request, {} without a body; refuses what it will not read and then hangs up."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]{1,9}", length):
            self.close_connection = True
            raise Refused(411, "length_required")
        if int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            raise Refused(413, "payload_too_large")
        try:
            body = json.loads(self.rfile.read(int(length)) or b"{}")
        except (ValueError, RecursionError):
            raise Refused(400, "malformed_request") from None
        if not isinstance(body, dict):
            raise Refused(400, "malformed_request")
        return body

    def _authenticate(self) -> None:
        expected = f"Bearer {self.server.office.config.api_key}".encode()
        given = self.headers.get("Authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, expected):
            raise Refused(401, "invalid_api_key")

    def _get(self, _body: Json) -> Json:
        office = self.server.office
        if self.path == "/ledger":
            return ledger_report(office.ledger)
        if urlsplit(self.path).path == "/ledger/entries":
            return ledger_page(office.ledger, **_asked(urlsplit(self.path).query))
        found = INTENT_PATH.fullmatch(self.path)
        if found is None or found["verb"]:
            raise Refused(404, "not_found")
        return intent_out(office.bank.read(intent_id=found["intent_id"]))

    def _post(self, body: Json) -> Json:
        bank = self.server.office.bank
        if self.path == "/intents":
            parts = _matching(body, key=TEXT, amount=AMOUNT, currency=CURRENCY)
            return intent_out(bank.create(**parts))
        found = INTENT_PATH.fullmatch(self.path)
        match found and found.groupdict():
            case {"verb": "/confirm", "intent_id": intent_id}:
                return self._confirm(intent_id, body)
            case {"verb": "/cancel", "intent_id": intent_id}:
                return intent_out(bank.cancel(intent_id=intent_id))
            case {"verb": "/refunds", "intent_id": intent_id}:
                return dict(bank.refund(intent_id=intent_id, **_matching(body, key=TEXT, amount=AMOUNT)))
        raise Refused(404, "not_found")

    def _confirm(self, intent_id: str, body: Json) -> Json:
        token = body.get("token")
        if not isinstance(token, str):
            raise Refused(400, "malformed_request")
        confirmation = self.server.office.bank.confirm(intent_id=intent_id, token=token)
        if confirmation.withhold_seconds:
            self.server.office.bell.wait_for_stop(confirmation.withhold_seconds)
        return intent_out(confirmation.intent)


def intent_out(intent: sqlite3.Row) -> Json:
    """The intent as callers see it."""
    shown = {name: intent[name] for name in ("id", "key", "amount", "currency", "status", "decline_code")}
    return {**shown, "retryable": bool(intent["retryable"])}


def _asked(query: str) -> dict[str, Any]:
    """The parameters `since` (Unix seconds) and `after` (a cursor); refuses what it cannot read."""
    given = {name: values[-1] for name, values in parse_qs(query).items()}
    try:
        return {"since": float(given.get("since", 0)), "after": Cursor.parse(given.get("after", ""))}
    except ValueError:
        raise Refused(400, "malformed_request") from None


def _matching(body: Json, **patterns: re.Pattern[str]) -> dict[str, str]:
    """The named fields of the body; refuses one that is missing or looks wrong."""
    for name, pattern in patterns.items():
        if not isinstance(body.get(name), str) or not pattern.fullmatch(body[name]):
            raise Refused(400, "malformed_request")
    return {name: body[name] for name in patterns}
