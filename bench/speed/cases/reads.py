"""The ordinary reads, which are served by Django and DRF, in a database with 100,000 orders."""

from collections.abc import Sequence
from typing import Any

import psycopg

from bench.speed import traffic
from bench.speed.asking import ask_all
from bench.speed.bench import Bench
from bench.speed.bulk import Copies, analyse, insert, readers
from bench.speed.cases.sweeping import ORDERS, QUICK_ORDERS
from bench.speed.offers import Shelf, Shown, accepted, paid
from bench.speed.traffic import Customer

Mine = tuple[Customer, dict[str, Any]]
NAMES = ("reads",)
_CONNECTIONS = 16
_EACH = 5  # orders of each reader
_OFFERS = 50
_FIRST = 500_001  # numbers that no sweep's orders have
_LANE_OFF = {"ALTIS_LANE": "off"}  # the view that the short lane is compared with
_DAY_SECONDS = 86_400.0


def measure(bench: Bench) -> None:
    """Each path of its own; the slowest is what counts."""
    if not bench.options.wants("reads"):
        return
    orders = _orders_to_read(bench)
    _fill(bench, orders[0][1]["id"])
    for name, requests in _requests(bench, orders).items():
        bench.series([bench.closed(name, bench.file(name, requests), _CONNECTIONS)])
    bench.ground.serve(extra=_LANE_OFF)
    hot = traffic.by_zipf(traffic.popular(bench.markets, seed=1), seed=4)
    flights = bench.file("reads-flights", traffic.flights(hot, bench.people, count=2000))
    bench.wake(flights, _CONNECTIONS)
    bench.series([bench.closed("reads-flights", flights, _CONNECTIONS)])
    latencies = [run.outcome.p95_ms for name, run in bench.findings.cases.items() if name.startswith("reads-")]
    bench.findings.facts["reads_slowest_p95_ms"] = round(max(latencies), 2)
    bench.ground.serve()


def _requests(bench: Bench, orders: Sequence[Mine]) -> dict[str, list[bytes]]:
    """By case, what is asked for in turn. Orders are as they are after their payment, with documents."""
    everybody = bench.readers
    return {
        "reads-account": [traffic.get("/v1/auth/me", who) for who in everybody],
        "reads-barcode": [
            traffic.get(f"/v1/documents/{order['documents'][0]['id']}/barcode.png", who) for who, order in orders
        ],
        "reads-documents": [traffic.get(f"/v1/orders/{order['id']}/documents", who) for who, order in orders],
        "reads-history": [traffic.get(f"/v1/orders/{order['id']}/history", who) for who, order in orders],
        "reads-offer": [traffic.get(f"/v1/offers/{each.offer['id']}", each.customer) for each in _offers(bench)],
        "reads-order": [traffic.get(f"/v1/orders/{order['id']}", who) for who, order in orders],
        "reads-orders": [traffic.get("/v1/orders", who) for who in everybody],
        "reads-products": [traffic.get("/v1/products", who) for who in everybody],
    }


def _offers(bench: Bench) -> list[Shown]:
    """Offers that nobody accepts."""
    return Shelf(bench.ground.port, bench.on(bench.scale.accept_day), bench.readers).take(_OFFERS)


def _orders_to_read(bench: Bench) -> list[Mine]:
    """Paid orders of the readers, a few for each."""
    everybody = bench.readers
    shelf = Shelf(bench.ground.port, bench.on(bench.scale.accept_day), everybody)
    shown = shelf.take(len(everybody) * _EACH)
    theirs = [Shown(everybody[n % len(everybody)], each.offer) for n, each in enumerate(shown)]
    orders = accepted(bench.ground.port, theirs)
    paid(bench.ground.port, orders)
    asked = (traffic.get(f"/v1/orders/{order['id']}", who) for who, order in orders)
    found = list(ask_all(bench.ground.port, asked))
    if not all(order["documents"] for order in found):
        raise LookupError("an order that was paid has no documents")
    return [(who, order) for (who, _), order in zip(orders, found, strict=True)]


def _fill(bench: Bench, order_id: str) -> None:
    """Orders of others, until there are enough."""
    wanted = QUICK_ORDERS if bench.options.quick else ORDERS
    with psycopg.connect(bench.ground.database_url) as session:
        row = session.execute("SELECT count(*) FROM orders_order").fetchone()
    missing = wanted - (row[0] if row else 0)
    if missing > 0:
        users = len(bench.people)
        copies = Copies(
            order_id=order_id,
            first=_FIRST,
            count=missing,
            users=users,
            readers=readers(users),
            due_in=_DAY_SECONDS,
            except_day=bench.scale.accept_day,
        )
        insert(bench.ground.database_url, copies)
    analyse(bench.ground.database_url)
