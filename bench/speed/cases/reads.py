"""The ordinary reads, which are served by Django and DRF, in a database with 100,000 orders."""

from typing import Any

import psycopg

from bench.speed import traffic
from bench.speed.asking import ask_all
from bench.speed.bench import Bench
from bench.speed.bulk import Copies, analyse, insert, readers
from bench.speed.cases.sweeping import ORDERS, QUICK_ORDERS
from bench.speed.offers import Shelf, Shown, accepted, paid
from bench.speed.traffic import Customer

NAMES = ("reads",)
_CONNECTIONS = 16
_EACH = 5  # orders of each reader
_FIRST = 500_001  # numbers that no sweep's orders have
_LANE_OFF = {"ALTIS_LANE": "off"}  # the view that the short lane is compared with
_DAY_SECONDS = 86_400.0


def measure(bench: Bench) -> None:
    """Each path of its own; the slowest is what counts."""
    if not bench.options.wants("reads"):
        return
    orders = _orders_to_read(bench)
    _fill(bench, orders[0][1]["id"])
    everybody = bench.people[: readers(len(bench.people))]
    files = {
        "reads-orders": [traffic.get("/v1/orders", who) for who in everybody],
        "reads-order": [traffic.get(f"/v1/orders/{order['id']}", who) for who, order in orders],
        "reads-history": [traffic.get(f"/v1/orders/{order['id']}/history", who) for who, order in orders],
        "reads-documents": [traffic.get(f"/v1/orders/{order['id']}/documents", who) for who, order in orders],
        "reads-products": [traffic.get("/v1/products", who) for who in everybody],
    }
    for name, requests in files.items():
        bench.series([bench.closed(name, bench.file(name, requests), _CONNECTIONS)])
    bench.ground.serve(extra=_LANE_OFF)
    hot = traffic.by_zipf(traffic.popular(bench.markets, seed=1), seed=4)
    flights = bench.file("reads-flights", traffic.flights(hot, bench.people, count=2000))
    bench.series([bench.closed("reads-flights", flights, _CONNECTIONS)])
    bench.ground.serve()


def _orders_to_read(bench: Bench) -> list[tuple[Customer, dict[str, Any]]]:
    """Paid orders of the readers, a few for each."""
    everybody = bench.people[: readers(len(bench.people))]
    shelf = Shelf(bench.ground.port, bench.on(bench.scale.accept_day), everybody)
    shown = shelf.take(len(everybody) * _EACH)
    theirs = [Shown(everybody[n % len(everybody)], each.offer) for n, each in enumerate(shown)]
    orders = accepted(bench.ground.port, theirs)
    paid(bench.ground.port, orders)
    list(ask_all(bench.ground.port, (traffic.get(f"/v1/orders/{order['id']}", who) for who, order in orders)))
    return orders


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
