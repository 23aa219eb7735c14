"""A storm of webhooks: repeated, out of order, lost and forged. Every cent in our books must match the gateway's."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import cycle
from typing import Any

import httpx
import psycopg

from bench.torture.quiesce import quiesce
from bench.torture.rig import Rig
from bench.torture.scenes import SceneResult
from bench.torture.scenes.crowd import Crowd, play
from bench.torture.scenes.flights import bookable
from bench.torture.webhooks import Mischief

DELIVERIES, CUSTOMERS = 10_000, 16
PAYMENTS = 7_000  # each tells one event or more; copies and forgeries come on top
_DELIVERED_SECONDS = 600.0
STORM = Mischief(repeat=0.3, late=0.35, drop=0.05, forge=0.05, late_seconds=3.0)  # of what is not lost
# Three events an order: two that may be tried again, then one that decides. Half of those are told by webhook only.
_FIRST = ("tok_declined", "tok_insufficient_funds")
_LAST = ("tok_visa", "tok_pending", "tok_visa", "tok_pending", "tok_stolen_card")
_SOLD = """
    SELECT coalesce(sum(total_minor), 0) FROM orders_order WHERE status IN ('PAID', 'FULFILLED', 'ARCHIVED')
"""
_KEPT = "SELECT coalesce(sum(amount_minor), 0) FROM payments_payment WHERE status = 'SUCCEEDED'"
_RECEIPTS = "SELECT count(*) FROM payments_webhookreceipt"


def webhook_storm(rig: Rig) -> SceneResult:
    """10,000 deliveries, of which 30 % are repeated, 30 % out of order, 5 % lost and 5 % forged."""
    rig.webhooks.spoil(STORM)
    paid = play(rig, _Customers(rig).buy())
    rig.wait_for(lambda: _waiting(rig) == 0, _DELIVERED_SECONDS)
    rig.webhooks.heal()
    quiesce(rig, say=lambda _: None)
    counts = rig.webhooks.counts
    ours, orders, receipts = (_one(rig, query) for query in (_KEPT, _SOLD, _RECEIPTS))
    theirs = _gateway_keeps(rig)
    checked = rig.manage("check_invariants", "--quiesced", timeout=300)
    return SceneResult(
        name="webhook storm",
        passed=ours == orders == theirs
        and counts["sent"] >= DELIVERIES
        and not counts["forged_taken"]
        and checked.returncode == 0,
        figures={
            "deliveries": counts["sent"],
            "events": counts["deliveries"],
            "repeated copies": counts["repeated"],
            "out of order": counts["late"],
            "lost": counts["dropped"],
            "forged": counts["forged"],
            "forged and taken": counts["forged_taken"],
            "receipts": receipts,
            "payments": sum(paid.values()),
            "answers": dict(paid),
            "cents: payments, orders, gateway": [ours, orders, theirs],
            "check_invariants": checked.returncode,
        },
        notes=[] if checked.returncode == 0 else [checked.stdout[-2000:] + checked.stderr[-500:]],
    )


@dataclass
class _Customers:
    """Buy in a closed loop until enough has been delivered; `told` counts what each token was answered."""

    rig: Rig
    told: Counter[str] = field(default_factory=Counter)

    async def buy(self) -> Counter[str]:
        """All of them, until the end."""
        self._trips, self._lasts = cycle(bookable(self.rig.database_url)), cycle(_LAST)
        async with Crowd(self.rig.api_url) as crowd, asyncio.TaskGroup() as group:
            for number in range(CUSTOMERS):
                group.create_task(self._one(crowd, number))
        return self.told

    async def _one(self, crowd: Crowd, number: int) -> None:
        while sum(self.told.values()) < PAYMENTS:
            found = await crowd.post("/v1/offers/search", next(self._trips), caller=number)
            if not found.body.get("offers"):
                self.told[f"search {found.status} {found.word}"] += 1  # counted, so that nobody searches for ever
            for offer in found.body.get("offers", ()):
                accepted = await crowd.accept(offer["id"], caller=number)
                if accepted.word != "PROPOSED":
                    self.told[f"accept {accepted.status} {accepted.word}"] += 1
                    continue
                for token in (*_FIRST, next(self._lasts)):
                    path, body = f"/v1/orders/{accepted.body['id']}/pay", {"payment_method": {"token": token}}
                    answer = await crowd.post(path, body, caller=number)
                    self.told[f"{token} {answer.status} {answer.word}"] += 1


def _ledger(rig: Rig) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {rig.gateway_key}"}
    told: dict[str, Any] = httpx.get(f"{rig.gateway_url}/ledger", headers=headers, timeout=60).json()
    return told


def _waiting(rig: Rig) -> int:
    """Events that the gateway has not delivered yet."""
    time.sleep(1)  # the whole ledger is dear to read
    return int(_ledger(rig)["events"]["waiting"])


def _gateway_keeps(rig: Rig) -> int:
    """What the gateway captured and did not give back, in cents, by its own ledger."""
    ledger = _ledger(rig)
    captured = sum(Decimal(capture["amount"]) for capture in ledger["captures"])
    return int((captured - sum(Decimal(refund["amount"]) for refund in ledger["refunds"])) * 100)


def _one(rig: Rig, query: str) -> int:
    with psycopg.connect(rig.database_url) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
