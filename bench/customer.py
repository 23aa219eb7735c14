"""A customer who searches, accepts and cancels over HTTP, and times the first two."""

import secrets
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import httpx

OPERATIONS = ("search", "accept")
Samples = dict[str, list[float]]
_DAYS_AHEAD = 30
_PASSENGER = {"given_name": "ADA", "family_name": "EXAMPLE", "born_on": "1990-12-10"}
_ACCEPT = {"passengers": [_PASSENGER], "contact": {"email": "bench@example.com"}}


class UnexpectedReply(Exception):
    """The stack refused; the text says what and why."""


class Customer:
    """One connection and one account."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        day = (datetime.now(UTC) + timedelta(days=_DAYS_AHEAD)).date().isoformat()
        slices = [{"origin": "LHR", "destination": "JFK", "departure_date": day}]
        self._search = {"slices": slices, "passengers": [{"type": "adult"}]}

    def prepare(self) -> None:
        """Register, and go through the loop once, so that nothing is measured cold."""
        email, password = f"bench-{secrets.token_hex(6)}@example.com", secrets.token_urlsafe(18)
        reply = self._post("/v1/auth/register", {"email": email, "password": password}, expect=201)
        self._http.headers["Authorization"] = f"Bearer {reply['access']}"
        self.loop_until(0)

    def loop_until(self, end: float) -> Samples:
        """Seconds taken by each search and accept, until this instant of `perf_counter`; one round at least."""
        samples: Samples = {name: [] for name in OPERATIONS}
        while not samples["accept"] or perf_counter() < end:
            found = self._timed(samples["search"], "/v1/offers/search", self._search, expect=200)
            if not found["offers"]:
                raise UnexpectedReply(f"search: no offers ({found['reason']})")
            path = f"/v1/offers/{found['offers'][0]['id']}/accept"
            order = self._timed(samples["accept"], path, _ACCEPT, expect=201)
            # Not timed: it gives the seats back, so that every accept meets the same flight.
            self._post(f"/v1/orders/{order['id']}/cancel", {}, expect=200)
        return samples

    def _timed(self, into: list[float], path: str, body: Any, *, expect: int) -> dict[str, Any]:
        started = perf_counter()
        reply = self._post(path, body, expect=expect)
        into.append(perf_counter() - started)
        return reply

    def _post(self, path: str, body: Any, *, expect: int) -> dict[str, Any]:
        reply = self._http.post(path, json=body)
        if reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise UnexpectedReply("limited: start the stack with ALTIS_RATE_LIMITS=off ALTIS_OPEN_HOLDS=off make up")
        if reply.status_code != expect:
            raise UnexpectedReply(f"{path}: {reply.status_code} {reply.text[:200]}")
        content: dict[str, Any] = reply.json()
        return content
