"""The client of the simulator gateway: what it cannot read with certainty is UNKNOWN."""

import atexit
import os
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import DecimalException
from functools import cache
from typing import Final
from urllib.parse import urlencode

import orjson
from django.conf import settings

from altis.shared.errors import AltisError
from altis.shared.money import Money
from altis.telemetry import metrics
from payments.gateway import (
    Charge,
    ChargeStatus,
    Entry,
    EntryKind,
    RefundResult,
    RefundStatus,
    StatementPage,
    assert_no_transaction,
)
from payments.gateways.exchange import Client
from payments.gateways.line import NoAnswer

MAX_BODY_BYTES: Final = 64 * 1024
MAX_PAGE_BYTES: Final = 1024 * 1024
MAX_CONNECTIONS: Final = 20
UNKNOWN: Final = Charge(ChargeStatus.UNKNOWN)
REFUND_UNKNOWN: Final = RefundResult(RefundStatus.UNKNOWN)
STATUSES: Final = {
    "created": ChargeStatus.PENDING,
    "pending": ChargeStatus.PENDING,
    "succeeded": ChargeStatus.SUCCEEDED,
    "declined": ChargeStatus.DECLINED,
    "cancelled": ChargeStatus.CANCELLED,
}
AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
INTENT_ID: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
DECLINE_CODE: Final = re.compile(r"[a-z0-9_]{1,64}")
_READ: Final = frozenset((200, 404, 409))
REFUSALS: Final = {"not_captured", "refund_exceeds_capture", "key_reused", "intent_not_found"}

Json = Mapping[str, object]


class SimulatorGateway:
    """payments.gateway.Gateway over HTTP. One object may be shared by threads."""

    name = "simulator"

    def __init__(self, *, client: Client, timeout_seconds: float) -> None:
        """Speak through this client; a whole call, answer read, takes no longer than the time-out."""
        self._client, self._timeout_seconds = client, timeout_seconds

    def create(self, *, key: str, amount: Money) -> Charge:
        """See Gateway.create."""
        answer = self._call("POST", "/intents", {"key": key, **amount.as_json()})
        charge = _charge(answer)
        return charge if _text(answer, "key") == key and charge.amount == amount else UNKNOWN

    def confirm(self, *, intent_id: str, token: str) -> Charge:
        """See Gateway.confirm."""
        return self._about(intent_id, "POST", f"/intents/{intent_id}/confirm", {"token": token})

    def get(self, *, intent_id: str) -> Charge:
        """See Gateway.get."""
        return self._about(intent_id, "GET", f"/intents/{intent_id}")

    def cancel(self, *, intent_id: str) -> Charge:
        """See Gateway.cancel."""
        return self._about(intent_id, "POST", f"/intents/{intent_id}/cancel", {})

    def refund(self, *, key: str, intent_id: str, amount: Money) -> RefundResult:
        """See Gateway.refund."""
        body = {"key": key, "amount": amount.as_json()["amount"]}
        answer = self._call("POST", f"/intents/{intent_id}/refunds", body)
        if _text(answer, "error") in REFUSALS:
            return RefundResult(RefundStatus.FAILED)
        refund_id = _text(answer, "id")
        if _text(answer, "key") != key or _money(answer) != amount or not refund_id:
            return REFUND_UNKNOWN
        return RefundResult(RefundStatus.SUCCEEDED, refund_id)

    def statement(self, *, since: datetime | None = None, after: str = "") -> StatementPage | None:
        """See Gateway.statement."""
        asked = {"since": repr(since.timestamp()) if since else "0", "after": after}
        answer = self._call("GET", f"/ledger/entries?{urlencode(asked)}", cap=MAX_PAGE_BYTES)
        told_at, rows = _instant(answer, "told_at"), answer.get("entries")
        if told_at is None or not isinstance(rows, list):
            return None
        entries = tuple(entry for row in rows if isinstance(row, dict) and (entry := _entry(row)))
        # One line that cannot be read makes the whole worthless: a statement with a hole in it accuses the innocent.
        return StatementPage(entries, told_at, _text(answer, "next")) if len(entries) == len(rows) else None

    def _about(self, intent_id: str, method: str, path: str, body: Json | None = None) -> Charge:
        """The charge in the answer, if it is the one that was asked about."""
        answer = self._call(method, path, body)
        charge = _charge(answer)
        if charge.intent_id == intent_id:
            return charge
        return Charge(ChargeStatus.UNKNOWN, intent_id)

    def _call(self, method: str, path: str, body: Json | None = None, *, cap: int = MAX_BODY_BYTES) -> Json:
        """One exchange; the JSON object of a 200, 404 or 409, and an empty one for everything else."""
        assert_no_transaction()
        deadline = time.monotonic() + self._timeout_seconds
        sent = None if body is None else orjson.dumps(body)
        try:
            with metrics.gateway.labels(_name(method, path)).time():
                raw = self._client.exchange(method, path, sent, wanted=_READ, cap=cap, deadline=deadline)
            answer = orjson.loads(raw or b"{}")
        except (NoAnswer, OSError, ValueError):
            return {}
        return answer if isinstance(answer, dict) else {}


def open_gateway() -> SimulatorGateway:
    """The gateway at ALTIS_SIMULATOR_URL."""
    client = _client(settings.ALTIS_SIMULATOR_URL, settings.ALTIS_SIMULATOR_API_KEY, os.getpid())
    return SimulatorGateway(client=client, timeout_seconds=settings.ALTIS_GATEWAY_TIMEOUT_SECONDS)


def make_client(base_url: str, api_key: str) -> Client:
    """A pooled client that follows no redirect and reads no proxy settings."""
    headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json", "Accept-Encoding": "identity"}
    return Client(base_url, headers, max_connections=MAX_CONNECTIONS)


@cache
def _client(base_url: str, api_key: str, _pid: int) -> Client:
    """One client per process: sockets inherited through a fork would carry two processes' answers."""
    client = make_client(base_url, api_key)
    atexit.register(client.close)
    return client


def _name(method: str, path: str) -> str:
    """Which call it is, for the metric: `create`, `get`, `confirm`, `cancel`, `refunds` or `statement`."""
    if method == "GET":
        return "statement" if path.startswith("/ledger") else "get"
    return "create" if path == "/intents" else path.rpartition("/")[2]


def _charge(answer: Json) -> Charge:
    """The charge an answer describes, itself or as the intent of a refusal; UNKNOWN when a part is unreadable."""
    intent = answer.get("intent", answer)
    if not isinstance(intent, dict):
        return UNKNOWN
    status, intent_id, amount = STATUSES.get(_text(intent, "status")), _text(intent, "id"), _money(intent)
    if status is None or amount is None or not INTENT_ID.fullmatch(intent_id):
        return UNKNOWN
    decline_code = _text(intent, "decline_code")
    return Charge(
        status=status,
        intent_id=intent_id,
        amount=amount,
        decline_code=decline_code if DECLINE_CODE.fullmatch(decline_code) else None,
        retryable=intent.get("retryable") is True,
    )


def _entry(row: Json) -> Entry | None:
    """One line of the statement, None when a part of it is unreadable."""
    kind, amount, at = _text(row, "kind"), _money(row), _instant(row, "at")
    if kind not in list(EntryKind) or amount is None or at is None or not _text(row, "id"):
        return None
    return Entry(
        kind=EntryKind(kind),
        id=_text(row, "id"),
        intent_id=_text(row, "intent_id"),
        payment_id=_text(row, "payment_id"),
        key=_text(row, "key"),
        amount=amount,
        at=at,
    )


def _instant(answer: Json, name: str) -> datetime | None:
    value = answer.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _money(answer: Json) -> Money | None:
    amount, currency = _text(answer, "amount"), _text(answer, "currency")
    if not AMOUNT.fullmatch(amount):
        return None
    try:
        return Money.of(amount, currency)
    except (AltisError, DecimalException):
        return None


def _text(answer: Json, name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""
