"""The customers' HTTP client: writes every request down, and repeats it under its key while its outcome is unknown."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from random import Random
from threading import Event
from typing import Any

import httpx
import orjson

from bench.torture.history import UNKNOWN, Call, Writer, outcome_of

TIMEOUT_SECONDS = 5.0
_TRIES = 12
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
_HANGS_UP = 0.1
_UNAUTHORIZED, _OPEN = 401, 202
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a customer knows after a call; `body` is empty when nothing readable came."""

    status: int
    code: str
    body: Json
    outcome: str

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.outcome == "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request as it is meant; every repetition of it has the same key and the same bytes."""

    op: str
    path: str
    body: Json | None = None
    key: str = ""
    offer: str = ""
    order: str = ""


class Caller:
    """One customer's connection, account and pen. Threads may share it."""

    def __init__(self, url: str, *, name: str, writer: Writer, rng: Random, stopping: Event) -> None:
        self.name = name
        self.stopping = stopping
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS)
        self._writer = writer
        self._rng = rng
        self._account = {"email": f"{name}-{secrets.token_hex(6)}@example.com", "password": secrets.token_urlsafe(18)}
        self._owner = ""
        self._authorization = ""

    def register(self) -> None:
        """An account of one's own; raises ConnectionError when it is refused."""
        self._log_in("/v1/auth/register")
        if not self._owner:  # an earlier try may have been heard
            self._log_in("/v1/auth/token")
        if not self._owner:
            raise ConnectionError(f"{self.name} cannot register")

    def do(self, wish: Wish, *, tries: int = _TRIES) -> Reply:
        """Ask, and ask again under the same key while nobody knows whether it was done."""
        for attempt in range(1, tries + 1):
            reply = self._once(wish)
            if reply.outcome != UNKNOWN or reply.status == _OPEN or attempt == tries:
                break
            if reply.status == _UNAUTHORIZED:
                self._log_in("/v1/auth/token")
            elif self.stopping.wait(self._pause(attempt)):
                break
        return reply

    def rest(self, seconds: float) -> bool:
        """Wait; true when the end has come meanwhile."""
        return self.stopping.wait(seconds)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def _pause(self, attempt: int) -> float:
        return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**attempt) * self._rng.uniform(0.5, 1)

    def _log_in(self, path: str) -> None:
        reply = self.do(Wish(op="log_in", path=path, body=self._account))
        if reply.ok:
            self._authorization = f"Bearer {reply.body['access']}"
            self._owner = _subject(reply.body["access"])

    def _once(self, wish: Wish) -> Reply:
        content = b"" if wish.body is None else orjson.dumps(wish.body)
        begun, wall = time.monotonic(), time.time()
        answer, error = self._send(wish, content)
        ended = time.monotonic()
        body = _object(answer)
        told = Call(
            customer=self.name,
            owner=self._owner,
            op=wish.op,
            method=_method(wish),
            path=wish.path,
            key=wish.key,
            body=_hash(content) if content else "",
            token=_token(wish),
            begun=begun,
            ended=ended,
            wall=round(wall, 3),
            error=error,
            **_heard(wish, answer, body),
        )
        self._writer.add(told)
        return Reply(told.status, told.code, body, told.outcome)

    def _send(self, wish: Wish, content: bytes) -> tuple[httpx.Response | None, str]:
        headers = {"Authorization": self._authorization} if self._authorization else {}
        if wish.key:
            headers["Idempotency-Key"] = wish.key
        if content:
            headers["Content-Type"] = "application/json"
        # Connections that live for ever stay with the worker that survived the last kill, and leave the new one idle.
        if self._rng.random() < _HANGS_UP:
            headers["Connection"] = "close"
        try:
            return self._http.request(_method(wish), wish.path, content=content, headers=headers), ""
        except httpx.HTTPError as error:
            return None, type(error).__name__


def _heard(wish: Wish, answer: httpx.Response | None, body: Json) -> Json:
    """The fields of a Call that come from the answer."""
    if answer is None:
        return {"offer": wish.offer, "order": wish.order}
    code = str(body.get("code", "")) if answer.is_error else ""
    heard: Json = {
        "status": answer.status_code,
        "code": code,
        "media": answer.headers.get("content-type", "").partition(";")[0],
        "sha": _hash(answer.content),
        "replayed": answer.headers.get("idempotent-replay") == "true",
        "outcome": outcome_of(answer.status_code, code),
        "offer": wish.offer,
        "order": wish.order,
    }
    if answer.is_success and str(body.get("id", "")).startswith("ord_"):
        heard |= _order_fields(body)
    elif answer.is_success and "status" in body:
        heard["state"] = body["status"]
    return heard


def _order_fields(order: Json) -> Json:
    segments = [segment for each in order["slices"] for segment in each["segments"]]
    units: dict[str, int] = {}
    for item in order["items"]:
        if item["type"] == "flight" and item.get("segment") is not None:
            segment = segments[item["segment"]]
            inventory = f"{segment['flight_id']} {segment['cabin']}"
            units[inventory] = units.get(inventory, 0) + item["quantity"]
    return {
        "order": order["id"],
        "offer": order["offer_id"],
        "state": order["status"],
        "version": order["version"],
        "total": f"{order['total']['amount']} {order['total']['currency']}",
        "units": units,
    }


def _method(wish: Wish) -> str:
    return "GET" if wish.body is None else "POST"


def _token(wish: Wish) -> str:
    return str((wish.body or {}).get("payment_method", {}).get("token", ""))


def _object(answer: httpx.Response | None) -> Json:
    try:
        read = orjson.loads(answer.content) if answer is not None else {}
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def _subject(access: str) -> str:
    """The `sub` of a JWT, unverified: it is our own."""
    payload = access.split(".")[1]
    return str(orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"])


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
