"""The world of one cell: a small flight, two customers, processes that may die, and the product's own periodic jobs."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from altis.shared.actors import Actor
from altis.store import relay
from altis.store.kafka import EventProducer
from catalog.models import Flight
from catalog.tasks import reconcile_availability
from orders.tasks import fulfil_paid, sweep_expired
from payments.tasks import run_janitor, send_refunds
from tests.clients import CONTACT, PASSENGER
from tests.crash import worker
from tests.crash.checks import tokens_grow_old
from tests.crash.clock import Clock
from tests.crash.forks import Child
from tests.crash.worker import Job, Outcome
from tests.offers import market
from tests.orders.trips import offer_for
from tests.payments.simulators import Simulator, wait_until

# Longer than a payment's deadline of two minutes; far shorter than a hold or an offer.
REPAIR_SECONDS = 130.0
_INHERITED = (
    "ALTIS_RATE_LIMITS",
    "ALTIS_OPEN_HOLDS",
    "ALTIS_SIMULATOR_URL",
    "ALTIS_SIMULATOR_API_KEY",
)
_HELD_BY_OTHERS = """
SELECT count(*) FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND pid <> pg_backend_pid() AND (locktype = 'advisory' OR mode LIKE 'Row%')
"""
Call = Mapping[str, Any]  # the arguments of worker.post


class Stage:
    """What a cell acts on."""

    def __init__(self, *, owner: User, other: User, simulator: Simulator, folder: Path) -> None:
        self.simulator, self.clock = simulator, Clock()
        self.actor = Actor("user", owner.pk)
        self.tokens = {"owner": issue_for(owner).access, "other": issue_for(other).access}
        self._orders = folder / "failpoints.json"
        self._children: list[Child] = []
        self._shelf: list[str] = []

    def open_flight(self, seats: int) -> Flight:
        """A flight with so few seats that one sold twice would show."""
        market.make_bundles()
        return market.fly(seats=seats)

    def stock(self, offers: int) -> None:
        """The other customer searches, as long as there is something to find."""
        self._shelf = [offer_for().id for _ in range(offers)]

    def accept(self, offer_id: str, *, who: str = "owner", key: str = "") -> Call:
        """The request that accepts an offer for one adult."""
        body = {"passengers": [PASSENGER], "contact": CONTACT}
        return self._request(f"/v1/offers/{offer_id}/accept", body, who=who, key=key)

    def pay(self, order_id: str, *, key: str) -> Call:
        """The request that pays an order."""
        return self._request(f"/v1/orders/{order_id}/pay", {"payment_method": {"token": "tok_visa"}}, key=key)

    def other_buys(self) -> Outcome:
        """The other customer accepts an offer for the same flight."""
        return worker.post(**self.accept(self._shelf.pop(), who="other"))

    def start(self, do: str, args: Call, *, point: str, action: str, sabotage: str = "") -> Child:
        """A process that does this, and in which the point strikes once."""
        self._orders.write_text(json.dumps({"points": {point: {"do": action, "most": 1}}}))
        inherited = {name: getattr(settings, name) for name in _INHERITED}
        database = str(connection.settings_dict["NAME"])
        child = Child(Job(do, args, database, {**inherited, "ALTIS_FAILPOINTS_FILE": str(self._orders)}, sabotage))
        self._children.append(child)
        return child

    def struck(self) -> list[str]:
        """The points that have struck, and what they did."""
        log = self._orders.with_name(f"{self._orders.name}.struck")
        return [line.rpartition(" ")[0] for line in log.read_text().splitlines()] if log.exists() else []

    def release(self) -> None:
        """Let whoever hangs go on."""
        self._orders.write_text("{}")

    def wait_until_locks_are_gone(self) -> None:
        """Until no other process holds a row or leads the relay."""
        wait_until(lambda: self._locks() == 0, 20)

    def repair(self) -> None:
        """What the product does by itself within two minutes: every periodic job, and the relay."""
        self.clock.advance(REPAIR_SECONDS)
        tokens_grow_old()
        for job in (run_janitor, sweep_expired, fulfil_paid, send_refunds, reconcile_availability):
            job()
        publish()

    def close(self) -> None:
        """No child is left, and the clock is everybody's again."""
        for child in self._children:
            child.finish()
        self.clock.restore()

    def _request(self, path: str, body: Any, *, who: str = "owner", key: str = "") -> Call:
        headers = {"Authorization": f"Bearer {self.tokens[who]}", **({"Idempotency-Key": key} if key else {})}
        return {"path": path, "body": json.dumps(body).encode(), "headers": headers}

    def _locks(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_HELD_BY_OTHERS)
            return int(cursor.fetchone()[0])


@cache
def _producer() -> EventProducer:
    """One for all cells: each new one asks the broker for its topics first."""
    return EventProducer()


def publish() -> None:
    """The relay, as a standby that takes over."""
    wait_until(relay.lead, 20)
    try:
        while relay.drain(_producer()):
            pass
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
