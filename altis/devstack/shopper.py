"""A customer made of HTTP calls: every step of a purchase, and nothing but the public API."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx

_TIMEOUT_SECONDS = 20.0
_SETTLE_SECONDS = 20.0
_DAYS_AHEAD = 30
_TRAVELLERS = (
    {"given_name": "ADA", "family_name": "EXAMPLE", "born_on": "1990-12-10"},
    {"given_name": "ALAN", "family_name": "EXAMPLE", "born_on": "1988-06-23"},
)

Json = dict[str, Any]


class UnexpectedReply(Exception):
    """The API said something else than the contract promises; the text names the step and the problem's code."""


class Shopper:
    """Buys one trip. Use as a context manager; call the steps in their order."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def become_guest(self) -> None:
        """A guest token, enough to search."""
        self._use_token(self._ask("guest token", "POST", "/v1/auth/guest", expect=201))

    def search(self, origin: str, destination: str) -> Json:
        """Offers for two adults in a month's time."""
        day = (datetime.now(UTC) + timedelta(days=_DAYS_AHEAD)).date().isoformat()
        body = {
            "slices": [{"origin": origin, "destination": destination, "departure_date": day}],
            "passengers": [{"type": "adult"} for _ in _TRAVELLERS],
        }
        found = self._ask("search", "POST", "/v1/offers/search", body)
        if not found["offers"]:
            raise UnexpectedReply(f"search: no offer for {origin} to {destination} on {day} ({found['reason']})")
        return found

    def register(self) -> str:
        """An account nobody else has, whose token may buy; its e-mail address."""
        email = f"demo-{secrets.token_hex(6)}@example.com"
        body = {"email": email, "password": secrets.token_urlsafe(18)}
        self._use_token(self._ask("register", "POST", "/v1/auth/register", body, expect=201))
        return email

    def accept(self, offer_id: str, email: str) -> Json:
        """The order that holds the seats."""
        body = {"passengers": list(_TRAVELLERS), "contact": {"email": email, "phone": "+442079460018"}}
        return self._ask("accept", "POST", f"/v1/offers/{offer_id}/accept", body, expect=201)

    def pay(self, order_id: str) -> Json:
        """The order once it is fulfilled; raises UnexpectedReply when that takes longer than 20 s."""
        body = {"payment_method": {"token": "tok_visa"}}
        order = self._ask("pay", "POST", f"/v1/orders/{order_id}/pay", body, expect=(200, 202))
        end = time.monotonic() + _SETTLE_SECONDS
        while order["status"] != "FULFILLED":
            if time.monotonic() > end:
                raise UnexpectedReply(f"pay: the order is {order['status']} after {_SETTLE_SECONDS:.0f} s")
            time.sleep(0.5)
            order = self._ask("order", "GET", f"/v1/orders/{order_id}")
        return order

    def history(self, order_id: str) -> list[Json]:
        """Every change of the order's status, oldest first."""
        moves: list[Json] = self._ask("history", "GET", f"/v1/orders/{order_id}/history")["data"]
        return sorted(moves, key=lambda move: str(move["at"]))

    def documents(self, order_id: str) -> list[Json]:
        """Boarding documents and vouchers."""
        found: list[Json] = self._ask("documents", "GET", f"/v1/orders/{order_id}/documents")["data"]
        return found

    def barcode(self, document_id: str) -> bytes:
        """The barcode as a PNG."""
        reply = self._send("barcode", "GET", f"/v1/documents/{document_id}/barcode.png", None)
        self._expect("barcode", reply, (200,))
        return reply.content

    def _use_token(self, reply: Json) -> None:
        self._http.headers["Authorization"] = f"Bearer {reply['access']}"

    def _ask(
        self, step: str, method: str, path: str, body: Json | None = None, *, expect: int | tuple[int, ...] = 200
    ) -> Json:
        reply = self._send(step, method, path, body)
        self._expect(step, reply, (expect,) if isinstance(expect, int) else expect)
        content: Json = reply.json()
        return content

    def _send(self, step: str, method: str, path: str, body: Json | None) -> httpx.Response:
        try:
            return self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise UnexpectedReply(f"{step}: no answer ({error})") from error

    @staticmethod
    def _expect(step: str, reply: httpx.Response, wanted: tuple[int, ...]) -> None:
        if reply.status_code in wanted:
            return
        try:
            problem = reply.json()
            detail = f"{problem['code']}: {problem.get('detail', '')}"
        except (ValueError, KeyError, TypeError):
            detail = reply.text[:200]
        raise UnexpectedReply(f"{step}: {reply.status_code} {detail}")
