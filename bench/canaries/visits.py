"""What each canary does: buys, fails, changes their mind, and puts personal data where none belongs."""

from collections.abc import Sequence
from itertools import count
from typing import Final

from httpx import codes

from bench.canaries.client import Client, Json
from bench.canaries.people import Person
from bench.torture.market import Trip

# Per person in turn; what is left out is given up.
TOKENS: Final = ("tok_visa", "tok_declined", "tok_visa", "", "tok_pending", "tok_stolen_card", "tok_visa", "tok_error")
_SLOW_EVERY = 40  # its answer comes after seconds
_EXTRA_EVERY = 3


class Visit:
    """One person's whole acquaintance with the airline."""

    def __init__(self, client: Client, person: Person, trip: Trip, extras: Sequence[str]) -> None:
        self._client, self._person, self._trip, self._extras = client, person, trip, extras
        self._keys = (f"{person.email}/{person.phone}/{number}" for number in count())
        self.order_id = ""

    def make(self) -> None:
        """From the account to the last misplaced word; raises AssertionError when the good path breaks."""
        self._join()
        self._fumble()
        offer = self._search()
        if offer is None:
            return
        self._accept_wrongly(offer)
        self._accept(offer)
        self._finish()
        self._look_around()

    def _join(self) -> None:
        person = self._person
        account = {"email": person.email, "password": person.password}
        reply = self._client.post("/v1/auth/register", account)
        assert reply.status_code == codes.CREATED, reply.text  # nosec B101 # the run is void without it
        self._client.post("/v1/auth/register", account)
        self._client.post("/v1/auth/register", {"email": f"{person.given_name}@", "password": person.family_name})
        self._client.post("/v1/auth/token", {**account, "password": f"{person.password}?"})
        self._client.log_in(reply.json()["access"])
        self._client.get("/v1/auth/me")
        self._client.post("/v1/auth/password/reset", {"email": person.email})
        self._client.post("/v1/auth/verify", {"token": person.email})
        self._client.post("/v1/auth/token/refresh", {"refresh": person.password})
        if person.number % 2:
            self._client.log_in(self._client.post("/v1/auth/token", account).json()["access"])

    def _fumble(self) -> None:
        """Personal data in every part of a request that is not for them."""
        person, client = self._person, self._client
        told = {"User-Agent": person.given_name, "Referer": f"https://x.example/{person.email}", "Cookie": person.phone}
        client.get("/v1/products", headers=told)
        client.get("/v1/products", headers={"X-Request-ID": person.email, "traceparent": person.given_name})
        client.get(
            "/v1/products", headers={"X-Forwarded-For": person.given_name, "Accept": f"text/{person.given_name}"}
        )
        client.get("/v1/orders", headers={"Authorization": f"Bearer {person.password}"})
        client.call(person.given_name.upper(), "/v1/orders")
        for query in ({"after": person.email}, {person.given_name: "1"}, {"type": person.family_name}):
            client.get("/v1/products", params=query)
        for path in (f"/v1/orders/{person.email}", f"/v1/{person.given_name}", f"/v1/offers/{person.family_name}"):
            client.get(path)
        client.get("/healthz", params={"name": person.given_name})
        client.post(f"/v1/offers/{person.email}/accept", self._booking(), headers=self._key())
        client.post(f"/v1/orders/{person.phone}/pay", {"payment_method": {"token": person.email}}, headers=self._key())
        broken = f'{{"name": "{person.family_name}", "email": "{person.email}"'.encode()
        client.post("/v1/offers/search", content=broken, headers={"Content-Type": "application/json"})
        client.post("/v1/offers/search", content=broken, headers={"Content-Type": f"text/{person.given_name}"})
        client.post("/v1/offers/search", {person.email: person.given_name, "slices": person.family_name})
        client.post(f"/v1/webhooks/payments/{person.given_name}", {"id": person.email})

    def _search(self) -> Json | None:
        trip, client = self._trip, self._client
        wanted = {"origin": trip.origin, "destination": trip.destination, "departure_date": trip.day}
        search = {"slices": [wanted], "passengers": [{"type": "adult"}], "cabin": trip.cabin}
        client.post("/v1/offers/search", {**search, "slices": [{**wanted, "origin": self._person.given_name}]})
        client.post("/v1/offers/search", {**search, "cabin": self._person.email})
        reply = client.post("/v1/offers/search", search)
        assert reply.status_code == codes.OK, reply.text  # nosec B101 # the run is void without it
        offers: list[Json] = reply.json()["offers"]
        if not offers:
            return None
        client.post(f"/v1/offers/{offers[-1]['id']}/reject", {self._person.given_name: True}, headers=self._key())
        return offers[self._person.number % len(offers)]

    def _accept_wrongly(self, offer: Json) -> None:
        person, right = self._person, self._booking()
        path = f"/v1/offers/{offer['id']}/accept"
        wrong = [
            {**right, "passengers": [person.traveller()] * 2},
            {**right, "passengers": [{**person.traveller(), "born_on": person.given_name}]},
            {**right, "passengers": [{**person.traveller(), person.family_name: person.phone}]},
            {**right, "contact": {"email": person.given_name, "phone": person.email}},
            {**right, "contact": person.email},
            {**right, "items": [{"product_id": person.email, "seat": person.given_name}]},
            {**right, "items": [{"product_id": "prd_" + "0" * 26, "passenger": 0}]},
        ]
        for body in wrong:
            self._client.post(path, body, headers=self._key())

    def _accept(self, offer: Json) -> None:
        path, body, key = f"/v1/offers/{offer['id']}/accept", self._booking(), self._key()
        if self._extras and self._person.number % _EXTRA_EVERY == 0:
            product = self._extras[self._person.number % len(self._extras)]
            body["items"] = [{"product_id": product, "passenger": 0, "quantity": 1}]
        reply = self._client.post(path, body, headers=key)
        if reply.status_code != codes.CREATED:
            reply = self._client.post(path, self._booking(), headers=self._key())
        self._client.post(path, body, headers=key)
        if reply.status_code == codes.CREATED:
            self.order_id = reply.json()["id"]

    def _finish(self) -> None:
        if not self.order_id:
            return
        number, path = self._person.number, f"/v1/orders/{self.order_id}"
        token = "tok_timeout" if number % _SLOW_EVERY == _SLOW_EVERY - 1 else TOKENS[number % len(TOKENS)]
        if token:
            key, body = self._key(), {"payment_method": {"token": token}}
            self._client.post(f"{path}/pay", body, headers=key)
            self._client.post(f"{path}/pay", body, headers=key)
        self._client.post(f"{path}/cancel", {self._person.given_name: self._person.email}, headers=self._key())
        if token in ("", "tok_declined"):
            self._client.post(f"{path}/cancel", {}, headers=self._key())

    def _look_around(self) -> None:
        client, path = self._client, f"/v1/orders/{self.order_id}"
        for each in (path, f"{path}/history", f"{path}/documents", "/v1/orders"):
            client.get(each)
        client.get(f"{path}/history", params={"at": self._person.born_on})
        client.get("/v1/orders", params={"status": self._person.family_name, "after": self._person.email})
        for document in client.get(f"{path}/documents").json().get("data", [])[:1]:
            client.get(f"/v1/documents/{document['id']}/barcode.svg", params={"symbology": self._person.given_name})
            client.get(f"/v1/documents/{document['id']}/barcode.svg")

    def _booking(self) -> Json:
        return {"passengers": [self._person.traveller()], "contact": self._person.contact()}

    def _key(self) -> dict[str, str]:
        return {"Idempotency-Key": next(self._keys)}
