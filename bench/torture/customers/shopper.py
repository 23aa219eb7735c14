"""A customer: one account, one thread, one operation after the other, or two at once where that is the point."""

import threading
import time
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from bench.torture.customers.caller import Caller, Reply, Wish

FOLLOW_SECONDS = 20.0
_LOOK_SECONDS = 0.5
_MEMORY = 20
_MOVING = ("PAYMENT_PENDING", "PAID")
_TRAVELLER = {"given_name": "ADA", "family_name": "EXAMPLE", "born_on": "1990-12-10"}
Json = dict[str, Any]
T = TypeVar("T")


class Shopper:
    """The operations of the interface in a customer's words. Keys are drawn from the seed, so none repeats."""

    def __init__(self, caller: Caller, rng: Random) -> None:
        self.caller = caller
        self.rng = rng
        self._orders: deque[Json] = deque(maxlen=_MEMORY)
        self._wishes: deque[Wish] = deque(maxlen=_MEMORY)

    def new_key(self) -> str:
        """A key that nobody has used."""
        return f"{self.caller.name}-{self.rng.getrandbits(64):016x}"

    def search(self, slices: list[Json], *, cabin: str, travellers: int) -> list[Json]:
        """The offers, best first; none when there was no answer either."""
        body = {"slices": slices, "cabin": cabin, "passengers": [{"type": "adult"}] * travellers}
        found = self.caller.do(Wish(op="search", path="/v1/offers/search", body=body), tries=2)
        offers: list[Json] = found.body.get("offers", []) if found.ok else []
        return [{**offer, "travellers": travellers} for offer in offers]

    def accept(self, offer: Json, *, key: str = "") -> Json | None:
        """The order; None when there is none, or nobody knows."""
        body = {"passengers": [_TRAVELLER] * offer["travellers"], "contact": {"email": "ada@example.com"}}
        path = f"/v1/offers/{offer['id']}/accept"
        reply = self._post("accept", path, body, key=key, offer=offer["id"])
        if not reply.ok:
            return None
        self._orders.append(reply.body)
        return reply.body

    def reject(self, offer: Json) -> Reply:
        """Turn an offer down."""
        return self._post("reject", f"/v1/offers/{offer['id']}/reject", {}, offer=offer["id"])

    def pay(self, order: Json, token: str, *, key: str = "") -> Reply:
        """Pay with a token of the simulator gateway."""
        body = {"payment_method": {"token": token}}
        return self._post("pay", f"/v1/orders/{order['id']}/pay", body, key=key, order=order["id"])

    def cancel(self, order: Json) -> Reply:
        """Give an unpaid order up."""
        return self._post("cancel", f"/v1/orders/{order['id']}/cancel", {}, order=order["id"])

    def look(self, order: Json) -> Reply:
        """Read an order."""
        return self.caller.do(Wish(op="read", path=f"/v1/orders/{order['id']}", order=order["id"]), tries=3)

    def follow(self, order: Json) -> None:
        """Read it until it has come to rest, for a while at most."""
        end = time.monotonic() + FOLLOW_SECONDS
        while not self.caller.rest(_LOOK_SECONDS) and time.monotonic() < end:
            seen = self.look(order)
            if seen.ok and seen.body["status"] not in _MOVING:
                return

    def read_an_old_order(self) -> None:
        """Any of the last few."""
        if self._orders:
            self.look(self.rng.choice(self._orders))

    def repeat_an_old_request(self) -> None:
        """Any of the last few, key and bytes as they were."""
        if self._wishes:
            self.caller.do(self.rng.choice(self._wishes))

    def at_once(self, one: Callable[[], T], other: Callable[[], T]) -> list[T]:
        """Both calls, begun together; what the first returned, then the second."""
        start = threading.Barrier(2)
        results: list[T] = []

        def second() -> None:
            start.wait()
            results.append(other())

        thread = threading.Thread(target=second)
        thread.start()
        start.wait()
        first = one()
        thread.join()
        return [first, *results]

    def _post(self, op: str, path: str, body: Json, *, key: str = "", offer: str = "", order: str = "") -> Reply:
        wish = Wish(op=op, path=path, body=body, key=key or self.new_key(), offer=offer, order=order)
        self._wishes.append(wish)
        return self.caller.do(wish)
