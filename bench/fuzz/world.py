"""What the fuzzed requests may name: tokens that hold, and ids of offers, orders and documents that exist."""

import time
from collections import deque
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx

from bench.fuzz.mails import Mails
from bench.torture.market import Trip

Json = dict[str, Any]
_TOKEN_SECONDS = 600.0  # of the 900 that an access token lives
_OFFER_SECONDS = 780.0  # of the 900 that an offer lives
_KEPT = 200
_BORN = {"adult": "1990-12-10", "child": "2020-06-01", "infant": "2026-06-01"}
CONTACT = {"email": "passenger@example.com", "phone": "+442079460018"}


class World:
    """One customer and one guest on a stack, and what they have found so far. Not for threads."""

    def __init__(self, url: str, trips: list[Trip], mails: Mails, *, seed: int) -> None:
        self.rng = Random(seed)  # nosec B311 # repeatable on purpose
        self.trips, self.mails = trips, mails
        self.bag = ""
        self.requests = 0  # of its own, which are no test cases
        self._http = httpx.Client(base_url=url, timeout=30)
        self._stamp = f"{seed}-{time.time_ns():x}"
        self._serial = 0
        self._tokens: dict[str, tuple[float, str]] = {}
        self._offers: dict[str, tuple[float, list[str]]] = {}
        self._unaccepted: deque[str] = deque(maxlen=_KEPT)
        self._proposed: deque[str] = deque(maxlen=_KEPT)
        self._found: dict[str, deque[str]] = {kind: deque(maxlen=_KEPT) for kind in ("ord", "doc", "pay")}
        self.refresh_tokens: deque[str] = deque(maxlen=_KEPT)
        self.known: set[str] = set()
        self.account, self.changer, self.forgetful = (self._new_account() for _ in range(3))

    def prepare(self) -> None:
        """A few orders in every state, so that whatever is read first is there."""
        [bag, *_] = self.ask("GET", "/v1/products?type=bag")["data"]
        self.bag = bag["id"]
        for token in ("tok_visa", "tok_visa", "tok_declined"):
            self.ask("POST", f"/v1/orders/{self.fresh_order()}/pay", {"payment_method": {"token": token}})
        self._proposed.append(self.fresh_order())

    def serial(self) -> str:
        """A text that was never given before."""
        self._serial += 1
        return f"{self._stamp}-{self._serial}"

    def token(self, kind: str = "user") -> str:
        """An access token with minutes left: of the `user`, a `guest`, or the `changer` of passwords."""
        since, token = self._tokens.get(kind, (0.0, ""))
        if not token or time.monotonic() - since > _TOKEN_SECONDS:
            account = self.changer if kind == "changer" else self.account
            path, body = ("/v1/auth/guest", {}) if kind == "guest" else ("/v1/auth/token", account)
            token = str(self._send("POST", path, body, token="").json()["access"])
            self._tokens[kind] = (time.monotonic(), token)
        return token

    def password_changed(self, password: str) -> None:
        """The one who changes passwords has another one now, and tokens from before are refused."""
        self.changer["password"] = password
        self._tokens.pop("changer", None)

    def verify_token(self) -> str:
        """That of the link which verifies the customer's address; it may be used again and again."""
        return self.mails.token(self.account["email"], "verify", after=0)

    def reset_token(self) -> str:
        """That of a link to set another password, not used yet."""
        email = self.forgetful["email"]
        before = self.mails.count(email, "reset")
        self._send("POST", "/v1/auth/password/reset", {"email": email}, token="")
        return self.mails.token(email, "reset", after=before)

    def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """A call of the customer; what the reply names is remembered."""
        reply = self._send(method, path, body, token=self.token())
        found = reply.json()
        self.learn(found)
        return dict(found)

    def learn(self, body: Any) -> None:
        """Remember whatever a successful reply names."""
        for thing in _objects(body):
            self.known.add(thing["id"])
            kind = thing["id"][:3]
            if kind == "off" and thing.get("status") == "ACTIVE":
                self._learn_offer(thing)
            elif kind == "ord" and thing.get("status") == "PROPOSED":
                self._proposed.append(thing["id"])
            if kind in self._found:
                self._found[kind].append(thing["id"])
        if isinstance(body, dict) and "refresh" in body:
            self.refresh_tokens.append(body["refresh"])

    def fresh_offer(self) -> str:
        """The id of an offer that nobody has accepted yet."""
        while True:
            while self._unaccepted:
                offer = self._unaccepted.popleft()
                if self._is_live(offer):
                    return offer
            trip = self.rng.choice(self.trips)
            slices = [{"origin": trip.origin, "destination": trip.destination, "departure_date": trip.day}]
            self.ask("POST", "/v1/offers/search", {"slices": slices, "passengers": [{"type": "adult"}]})

    def fresh_order(self) -> str:
        """The id of an order that waits for its payment."""
        while not self._proposed:
            offer = self.fresh_offer()
            self.ask("POST", f"/v1/offers/{offer}/accept", {"passengers": self.travellers(offer), "contact": CONTACT})
        return self._proposed.popleft()

    def any_offer(self) -> str:
        """The id of an offer that can be read."""
        live = [offer for offer in tuple(self._offers) if self._is_live(offer)]  # looking takes the dead ones out
        return self.rng.choice(live) if live else self.fresh_offer()

    def any(self, kind: str) -> str:
        """The id of an order (`ord`), a document (`doc`) or a payment (`pay`) of the customer."""
        return self.rng.choice(self._found[kind])

    def travellers(self, offer: str) -> list[Json]:
        """Those that an offer was made for."""
        _, types = self._offers.get(offer, (0.0, ["adult"]))
        return [{"given_name": "TEST", "family_name": "PASSENGER", "born_on": _BORN[type]} for type in types]

    def _learn_offer(self, offer: Json) -> None:
        if offer["id"] not in self._offers:
            self._offers[offer["id"]] = (time.monotonic(), [each["type"] for each in offer["passengers"]])
            self._unaccepted.append(offer["id"])

    def _is_live(self, offer: str) -> bool:
        since, _ = self._offers[offer]
        live = time.monotonic() - since < _OFFER_SECONDS
        if not live:
            del self._offers[offer]
        return live

    def _new_account(self) -> Json:
        account = {"email": f"fuzz-{self.serial()}@example.com", "password": f"A long one {self.rng.getrandbits(64):x}"}
        self._send("POST", "/v1/auth/register", account, token="").raise_for_status()
        return account

    def _send(self, method: str, path: str, body: Json | None, *, token: str) -> httpx.Response:
        self.requests += 1
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._http.request(method, path, json=body, headers=headers)


def _objects(body: Any) -> Iterator[Json]:
    """Every object with an id of ours in a reply, however deep."""
    waiting = [body]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item.get("id"), str) and item["id"][3:4] == "_":
                yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
